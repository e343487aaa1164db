/** `bench:overload`: what is left of the system under three times the load that it can carry, with and without shedding. */
import type { Bench, BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { ChildModule } from '../../child-module.js';
import type { RushResult } from '../../client/rush.js';
import { measureRounds, type Contestant, type Sample } from '../../measure/rounds.js';
import type { Comparison, Metric, Report } from '../../report/report.js';
import { pinStack, startBenchStack, type BenchStack } from '../../servers/stack.js';
import type { RushOrder } from './rush-child.js';

export const overload: Bench = {
  name: 'overload',
  summary: 'three times the sustainable load, with shedding and without (P11)',
  description:
    'Finds the rate of uncached reads that the system sustains, then offers three times as many in an open loop: ' +
    'to an edge that sheds load and to one that does not. Clients give up after a second; what they get by then counts.',
  defaultSeconds: 6,
  pinned: true,
  run: measureOverload,
};

const HOST = '127.0.0.1';
const STUDENTS = 100;
const GIVE_UP_MS = 1000;
const OVERLOAD = 3;
/** A rate is sustained when so much of it is answered in time, most of it quickly. */
const SUSTAINED_SHARE = 0.98;
const SUSTAINED_P95_MS = 300;
const FIRST_RATE = 300;
const STEP = 1.2;
const STEP_SECONDS = 2;
const PROBE = '/actuator/health/readiness';

const SUSTAINED = 'sustainable load';
const SHEDDING = '3 x, shedding';
const NOT_SHEDDING = '3 x, not shedding';

const metrics: readonly Metric[] = [
  { key: 'goodput', label: 'good answers/s', digits: 0, compared: true },
  { key: 'offered', label: 'offered/s', digits: 0, compared: false },
  { key: 'p95Ms', label: 'p95 ms', digits: 0, compared: false },
  { key: 'refusedPercent', label: 'refused %', digits: 0, compared: false },
  { key: 'latePercent', label: 'too late %', digits: 0, compared: false },
  { key: 'failedPercent', label: 'failed %', digits: 1, compared: false },
  { key: 'healthP95Ms', label: 'health p95 ms', digits: 0, compared: false },
  { key: 'healthMaxMs', label: 'health max ms', digits: 0, compared: false },
  { key: 'clientBusyPercent', label: 'client busy %', digits: 0, compared: false },
];

type Measure = (port: number, perSecond: number, seconds: number) => Promise<Sample>;

async function measureOverload(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say, seconds, signal } = context;
  const edges = { shedding: { SHEDDING: 'on' }, 'not-shedding': { SHEDDING: 'off' } };
  const stack = await startBenchStack({ signal, onProgress: say, edges });
  cleanUp.defer(() => stack.stop());
  pinStack(stack, pinning, () => 'server');
  const client = await ChildModule.start({
    module: 'benches/overload/rush-child.js',
    name: 'rush',
    pinning,
    side: 'client',
  });
  cleanUp.defer(() => client.stop());
  const measure = await measuring(client, stack, context);
  const [shedding, not] = [stack.portOf('shedding'), stack.portOf('not-shedding')];
  const rate = await findSustainableRate((perSecond) => measure(not, perSecond, STEP_SECONDS), context);
  const contestants: Contestant[] = [
    { name: SUSTAINED, measure: () => measure(not, rate, seconds) },
    { name: SHEDDING, measure: () => measure(shedding, rate * OVERLOAD, seconds) },
    { name: NOT_SHEDDING, measure: () => measure(not, rate * OVERLOAD, seconds) },
  ];
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  return { comparisons: [comparison(contestants, rounds)], notes };
}

const notes = [
  'the whole system (edges, services, PostgreSQL, Redis) has one core, the clients have the other',
  'clients are connected before the rush; one that gives up has to connect anew; latency counts from when a request was due',
];

const comparison = (contestants: readonly Contestant[], rounds: Comparison['rounds']): Comparison => ({
  title: `Uncached reads, clients give up after ${GIVE_UP_MS} ms`,
  reference: SUSTAINED,
  contestants: contestants.map(({ name }) => name),
  metrics,
  rounds,
  targets: [
    { id: 'P11', contestant: SHEDDING, metric: 'goodput', over: SUSTAINED, atLeast: 0.8 },
    { id: 'P11', contestant: SHEDDING, metric: 'healthP95Ms', atMost: 100 },
  ],
});

async function measuring(
  client: ChildModule,
  stack: BenchStack,
  { seed, signal }: BenchContext,
): Promise<Measure> {
  const tokens = await logIn(stack.portOf('edge-gateway'));
  let measured = 0;
  return async (port, perSecond, seconds) => {
    const order: RushOrder = {
      host: HOST,
      port,
      perSecond,
      seconds,
      connected: perSecond,
      giveUpMs: GIVE_UP_MS,
      probe: PROBE,
      tokens,
      seed: seed + measured++,
    };
    return sampleOf(await client.ask<RushResult>(order, signal), seconds);
  };
}

async function logIn(port: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let number = 1; number <= STUDENTS; number++) {
    const answer = await fetch(`http://${HOST}:${port}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `student${number}`, password: 'flowchart' }),
    });
    if (answer.status !== 200) throw new BenchError(`student${number} cannot log in: ${answer.status}`);
    tokens.push(((await answer.json()) as { accessToken: string }).accessToken);
  }
  return tokens;
}

/** The highest rate, in steps, that is answered in time; the first, thrown away, compiles the code. */
async function findSustainableRate(
  offer: (perSecond: number) => Promise<Sample>,
  { say }: BenchContext,
): Promise<number> {
  await offer(FIRST_RATE);
  let sustained = 0;
  for (let rate = FIRST_RATE; ; rate = Math.round(rate * STEP)) {
    const { goodput = 0, p95Ms = Infinity } = await offer(rate);
    say(`offered ${rate}/s, answered in time ${Math.round(goodput)}/s, p95 ${Math.round(p95Ms)} ms`);
    if (goodput < rate * SUSTAINED_SHARE || p95Ms > SUSTAINED_P95_MS) break;
    sustained = rate;
  }
  if (sustained === 0)
    throw new BenchError(`not even ${FIRST_RATE} requests/s are sustained: is the machine busy?`);
  return sustained;
}

function sampleOf(result: RushResult, seconds: number): Sample {
  const percent = (part: number): number => (part / result.offered) * 100;
  return {
    goodput: result.good / seconds,
    offered: result.offered / seconds,
    p95Ms: percentile(result.latenciesMs, 0.95),
    refusedPercent: percent(result.refused),
    latePercent: percent(result.late),
    failedPercent: percent(result.failed),
    healthP95Ms: percentile(result.probesMs, 0.95),
    healthMaxMs: Math.max(...result.probesMs),
    clientBusyPercent: result.clientCpuUs / (seconds * 10_000),
    behindMs: result.behindMs,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
