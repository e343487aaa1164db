/** `bench:tracing`: what traces cost the edge where it is quickest, at a cached read. */
import type { Bench, BenchContext } from '../../bench.js';
import { ChildModule } from '../../child-module.js';
import { requestBytes, type Exchange } from '../../client/exchange.js';
import { FloodClient } from '../../client/flood-client.js';
import { floodMetrics, floodSample, SERVER } from '../../measure/flooded.js';
import { type Contestant, measureRounds, type Sample } from '../../measure/rounds.js';
import type { Comparison, Report } from '../../report/report.js';
import { recordAnswer } from '../../servers/recorded-answer.js';
import type { EdgeOrder, StartedEdge } from '../metrics/edge-messages.js';
import { SpanSink } from './span-sink.js';

export const tracing: Bench = {
  name: 'tracing',
  summary: 'a cached read of an edge that records traces against one that does not',
  description:
    'Compares edges in processes of their own: one without traces, and three that record what their callers ask them to ' +
    'record, which is nothing, every tenth request, or each. All are sent the same kind of requests, with a traceparent.',
  defaultSeconds: 2,
  pinned: true,
  run: measureTracing,
};

const OFF = 'off';
const NONE = 'on, none recorded';
const TENTH = 'on, 10 % recorded';
const ALL = 'on, all recorded';
/** Of ten requests. */
const variants: Readonly<Record<string, { on: boolean; recorded: number }>> = {
  [OFF]: { on: false, recorded: 1 },
  [NONE]: { on: true, recorded: 0 },
  [TENTH]: { on: true, recorded: 1 },
  [ALL]: { on: true, recorded: 10 },
};
const TARGET = '/courses';
const CONNECTIONS = 64;
const WARMUP_MS = 300;
const MS_IN_S = 1000;

async function measureTracing(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say } = context;
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  const contestants: Contestant[] = [];
  for (const [name, { on, recorded }] of Object.entries(variants)) {
    const sink = await SpanSink.start();
    cleanUp.defer(() => sink.stop());
    const sampling = { parentBased: true, rootShare: 0 };
    const order = { measured: true, ...(on && { tracing: { url: sink.url, sampling } }) };
    const edge = await startEdge(order, context);
    const exchanges = await exchangesOf(edge, recorded);
    contestants.push({ name, measure: () => flood(name, { ...edge, exchanges, sink }, client, context) });
  }
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  const comparison: Comparison = {
    title: `Cached list, ${CONNECTIONS} connections`,
    reference: OFF,
    contestants: contestants.map(({ name }) => name),
    metrics: [...floodMetrics, { key: 'spansPerSecond', label: 'spans/s', digits: 0, compared: false }],
    rounds,
    targets: [{ id: 'T1', contestant: NONE, metric: 'cpuUsPerRequest', over: OFF, atMost: 1.05 }],
  };
  return { comparisons: [comparison], notes };
}

const notes = [
  'spans/s: what reached the collector. A process keeps 2048 that wait, and drops what is more.',
];

async function startEdge(
  order: EdgeOrder,
  { pinning, cleanUp, signal }: BenchContext,
): Promise<StartedEdge & { pid: number }> {
  const module = 'benches/metrics/edge-child.js';
  const child = await ChildModule.start({ module, name: 'edge', pinning, side: 'server' });
  cleanUp.defer(() => child.stop());
  const { port } = await child.ask<StartedEdge>(order, signal);
  return { port, pid: child.pid };
}

/** Ten requests, of which `recorded` are in a trace that their caller records. */
async function exchangesOf({ port }: StartedEdge, recorded: number): Promise<Exchange[]> {
  const { body } = await recordAnswer(port, TARGET);
  return Array.from({ length: 10 }, (_, index) => {
    const traceparent = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0${index < recorded ? 1 : 0}`;
    return { request: requestBytes({ target: TARGET, headers: { traceparent } }), status: 200, body };
  });
}

interface Flooded extends StartedEdge {
  readonly pid: number;
  readonly exchanges: readonly Exchange[];
  readonly sink: SpanSink;
}

async function flood(
  name: string,
  { port, pid, exchanges, sink }: Flooded,
  client: FloodClient,
  { seconds, signal }: BenchContext,
): Promise<Sample> {
  const order = {
    host: '127.0.0.1',
    port,
    connections: CONNECTIONS,
    exchanges,
    warmupMs: WARMUP_MS,
    measureMs: seconds * MS_IN_S,
    metered: { [SERVER]: [pid] },
  };
  sink.spans = 0;
  const result = await client.run(order, signal);
  const wholeSeconds = (WARMUP_MS + result.windowMs) / MS_IN_S;
  return { ...floodSample(name, result), spansPerSecond: sink.spans / wholeSeconds };
}
