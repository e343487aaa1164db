/** `bench:connections`: what ten thousand idle connections cost an edge, and those who are active beside them. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import type { Bench, BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { ChildModule } from '../../child-module.js';
import { requestBytes } from '../../client/exchange.js';
import { FloodClient } from '../../client/flood-client.js';
import type { IdleOrder } from '../../client/idle-child.js';
import { floodSample, SERVER } from '../../measure/flooded.js';
import { residentBytes } from '../../measure/process-memory.js';
import { measureRounds, type Contestant, type Round, type Sample } from '../../measure/rounds.js';
import type { Comparison, Metric, Report, Target } from '../../report/report.js';
import { recordAnswer } from '../../servers/recorded-answer.js';
import { pinStack, startBenchStack, type BenchStack } from '../../servers/stack.js';
import { startServer } from '../../servers/start-server.js';

export const connections: Bench = {
  name: 'connections',
  summary: '10 000 idle keep-alive connections: memory, and latency of 100 active users beside them (P10)',
  description:
    'Holds idle keep-alive connections to one of two equal edges, and to a bare node:http. Measures in turn the ' +
    'latency of 100 users who ask for a cached list ten times a second each, and how much memory each server has ' +
    'come to use since before the connections were opened.',
  defaultSeconds: 3,
  pinned: true,
  addOptions: (command: Command) => void command.option('--idle <n>', 'idle connections', wholeNumber, IDLE),
  run: measureConnections,
};

const ALONE = 'without';
const CROWDED = 'with idle connections';
const FLOOR = 'node:http with them';
const CROWDED_EDGE = 'edge-crowded';
const TARGET = '/courses';
const IDLE = 10_000;
const USERS = 100;
const INTERVAL_MS = 100;
const WARMUP_MS = 500;
/** At full speed, before the memory is read for the first time: until then the heap still grows by itself. */
const BASELINE_MS = 5000;
const SPARE_FILES = 500;
const MB = 1e6;

const metrics: readonly Metric[] = [
  { key: 'p95Ms', label: 'p95 ms', digits: 2, compared: true },
  { key: 'p99Ms', label: 'p99 ms', digits: 2, compared: true },
  { key: 'rssGrowthMb', label: 'RSS growth MB', digits: 1, compared: false },
  { key: 'rssMb', label: 'RSS MB', digits: 1, compared: false },
  { key: 'requestsPerSecond', label: 'requests/s', digits: 0, compared: false },
  { key: 'cpuUsPerRequest', label: 'CPU µs', digits: 1, compared: false },
];

const targets: readonly Target[] = [
  { id: 'P10', contestant: CROWDED, metric: 'rssGrowthMb', atMost: 80 },
  { id: 'P10', contestant: CROWDED, metric: 'p99Ms', over: ALONE, atMost: 1.2 },
  { id: 'P10', contestant: CROWDED, metric: 'p95Ms', over: ALONE, atMost: 1.2 },
];

interface Served {
  readonly port: number;
  readonly pid: number;
}

interface Parts {
  readonly context: BenchContext;
  readonly client: FloodClient;
  readonly idle: number;
}

async function measureConnections(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say, signal } = context;
  const idle = Number(context.options['idle']);
  requireOpenFiles(process.pid, idle);
  const stack = await startBenchStack({ edges: { [CROWDED_EDGE]: {} }, signal, onProgress: say });
  cleanUp.defer(() => stack.stop());
  pinStack(stack, pinning, (name) => (name.startsWith('edge') ? 'server' : 'client'));
  const [alone, crowded] = ['edge-gateway', CROWDED_EDGE].map((name) => edgeOf(stack, name)) as [
    Served,
    Served,
  ];
  requireOpenFiles(crowded.pid, idle);
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  const parts = { context, client, idle };
  const contestants = [
    await contestant(ALONE, alone, parts),
    await crowdedContestant(CROWDED, crowded, parts),
    await crowdedContestant(FLOOR, await startFloor(alone.port, context), parts),
  ];
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  return { comparisons: [comparisonOf(rounds, idle)], notes };
}

const notes = [
  'RSS growth is since before the connections were opened; the edge without them shows what grows by itself.',
  'each idle connection is used once before each measurement, so none of them has timed out.',
  'node:http sends the same bytes and headers: what it grows by is what Node itself needs for the connections.',
];

const comparisonOf = (rounds: readonly Round[], idle: number): Comparison => ({
  title: `${idle} idle keep-alive connections beside ${USERS} active users`,
  reference: ALONE,
  contestants: [ALONE, CROWDED, FLOOR],
  metrics,
  rounds,
  // They are for ten thousand.
  targets: idle === IDLE ? targets : [],
});

const edgeOf = (stack: BenchStack, name: string): Served => ({
  port: stack.portOf(name),
  pid: stack.pidOf(name),
});

async function startFloor(edgePort: number, { cleanUp, pinning }: BenchContext): Promise<Served> {
  const server = await startServer('node:http', { answers: [await recordAnswer(edgePort, TARGET)] }, pinning);
  cleanUp.defer(() => server.stop());
  return server;
}

async function crowdedContestant(name: string, server: Served, parts: Parts): Promise<Contestant> {
  const { measure } = await contestant(name, server, parts);
  parts.context.say(`opening ${parts.idle} connections: ${name}`);
  const useIdle = await idleConnections(server, parts);
  return {
    name,
    measure: async () => {
      await useIdle();
      return measure();
    },
  };
}

/** Opens them. What it resolves with uses every one of them once, and fails when one is gone. */
async function idleConnections({ port }: Served, { context, idle }: Parts): Promise<() => Promise<void>> {
  const { cleanUp, pinning, signal } = context;
  const module = 'client/idle-child.js';
  const holder = await ChildModule.start({ module, name: 'idle connections', pinning, side: 'client' });
  cleanUp.defer(() => holder.stop());
  const order: IdleOrder = { port, connections: idle, request: requestBytes({ target: TARGET }) };
  const useAll = async () => {
    const answered = await holder.ask<number>(order, signal);
    if (answered < idle)
      throw new BenchError(`only ${answered} of ${idle} idle connections are still served`);
  };
  await useAll();
  return useAll;
}

/** Puts the server under full load once, so that its memory is that of one at work, and begins from there. */
async function contestant(name: string, server: Served, { context, client }: Parts): Promise<Contestant> {
  const { body } = await recordAnswer(server.port, TARGET);
  const order = {
    host: '127.0.0.1',
    port: server.port,
    connections: USERS,
    exchanges: [{ request: requestBytes({ target: TARGET }), status: 200, body }],
    warmupMs: WARMUP_MS,
    metered: { [SERVER]: [server.pid] },
  };
  await client.run({ ...order, measureMs: BASELINE_MS }, context.signal);
  const baseline = residentBytes(server.pid) ?? NaN;
  const measure = async (): Promise<Sample> => {
    const result = await client.run(
      { ...order, intervalMs: INTERVAL_MS, measureMs: context.seconds * 1000 },
      context.signal,
    );
    const rss = residentBytes(server.pid) ?? NaN;
    const { requestsPerSecond = NaN, cpuUsPerRequest = NaN } = floodSample(name, result);
    return {
      requestsPerSecond,
      cpuUsPerRequest,
      p95Ms: result.latencyMs.p95,
      p99Ms: result.latencyMs.p99,
      rssMb: rss / MB,
      rssGrowthMb: (rss - baseline) / MB,
    };
  };
  return { name, measure };
}

/** Node raises its own limit as far as it may; beyond that only whoever started it can. */
function requireOpenFiles(pid: number, idle: number): void {
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
  const allowed = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  if (allowed === undefined || allowed === 'unlimited' || Number(allowed) >= idle + SPARE_FILES) return;
  throw new BenchError(
    `${idle} connections need as many open files, and this shell allows ${allowed}: ` +
      `raise it (ulimit -Hn ${idle + SPARE_FILES}) or ask for fewer (--idle).`,
  );
}

function wholeNumber(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number below 100 000.');
}
