/** `bench:metrics`: what being measured costs the edge where it is quickest, at a cached read. */
import type { Bench, BenchContext } from '../../bench.js';
import { ChildModule } from '../../child-module.js';
import { requestBytes } from '../../client/exchange.js';
import { FloodClient } from '../../client/flood-client.js';
import { floodMetrics, floodSample, SERVER } from '../../measure/flooded.js';
import { type Contestant, measureRounds } from '../../measure/rounds.js';
import type { Comparison, Report } from '../../report/report.js';
import { recordAnswer } from '../../servers/recorded-answer.js';
import type { EdgeOrder, StartedEdge } from './edge-messages.js';

export const metrics: Bench = {
  name: 'metrics',
  summary: 'a cached read of an edge that measures itself against one that does not',
  description:
    'Compares edges that differ in one thing: one measures nothing on the way of a cached read and nothing of its ' +
    'process, one does both, and one is scraped every second, too. Each is a process of its own.',
  defaultSeconds: 2,
  pinned: true,
  run: measureMetrics,
};

const WITHOUT = 'without metrics';
const WITH = 'with metrics';
const SCRAPED = 'scraped every second';
const variants: Readonly<Record<string, { measured: boolean; scraped: boolean }>> = {
  [WITHOUT]: { measured: false, scraped: false },
  [WITH]: { measured: true, scraped: false },
  [SCRAPED]: { measured: true, scraped: true },
};
const TARGET = '/courses';
const CONNECTIONS = 64;
const WARMUP_MS = 300;
const MS_IN_S = 1000;
const SCRAPE_EVERY_MS = 1000;

async function measureMetrics(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say } = context;
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  const contestants: Contestant[] = [];
  for (const [name, { measured, scraped }] of Object.entries(variants)) {
    const edge = await startEdge({ measured }, context);
    const measure = () => flood(name, edge, client, context);
    contestants.push({ name, measure: scraped ? () => whileScraped(edge.port, measure) : measure });
  }
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  const comparison: Comparison = {
    title: `Cached list, ${CONNECTIONS} connections`,
    reference: WITHOUT,
    contestants: contestants.map(({ name }) => name),
    metrics: floodMetrics,
    rounds,
    targets: [WITH, SCRAPED].map((contestant) => ({
      id: 'M1',
      contestant,
      metric: 'cpuUsPerRequest',
      over: WITHOUT,
      atMost: 1.05,
    })),
  };
  return { comparisons: [comparison], notes };
}

const notes = [
  'without metrics: no series is recorded in and no clock read on the way of a cached read; neither delays of the event ' +
    'loop nor collections are observed. Counting a look-up of the cache is an addition, and stays.',
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

async function flood(
  name: string,
  { port, pid }: StartedEdge & { pid: number },
  client: FloodClient,
  { seconds, signal }: BenchContext,
): Promise<Record<string, number>> {
  const { body } = await recordAnswer(port, TARGET);
  const order = {
    host: '127.0.0.1',
    port,
    connections: CONNECTIONS,
    exchanges: [{ request: requestBytes({ target: TARGET }), status: 200, body }],
    warmupMs: WARMUP_MS,
    measureMs: seconds * MS_IN_S,
    metered: { [SERVER]: [pid] },
  };
  return floodSample(name, await client.run(order, signal));
}

async function whileScraped<T>(port: number, measure: () => Promise<T>): Promise<T> {
  const scrape = () =>
    void fetch(`http://127.0.0.1:${port}/actuator/prometheus`).then((page) => page.arrayBuffer());
  const timer = setInterval(scrape, SCRAPE_EVERY_MS);
  try {
    scrape();
    return await measure();
  } finally {
    clearInterval(timer);
  }
}
