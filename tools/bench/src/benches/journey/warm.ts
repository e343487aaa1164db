/** The journey warm: CPU per request of every part, window by window of one run. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { startLoad } from '../../client/load-runner.js';
import type { Round, Sample } from '../../measure/rounds.js';
import type { Comparison } from '../../report/report.js';
import { countsBetween, hitPercent } from '../../servers/edge-counts.js';
import { totalUs, type Reading, type StackMeter } from './stack-meter.js';

const ALL = 'all processes';
const LOGINS_APART = 'logins apart';
/** Users log in as they begin, and the processes compile what is new to them. */
const SETTLE_SECONDS = 12;
/** The run is a little longer than its windows, which begin when the load-runner is ready. */
const SPARE_SECONDS = 6;

export async function compareWarm(parts: {
  context: BenchContext;
  meter: StackMeter;
  /** CPU of one login. */
  loginUs: number;
}): Promise<Comparison> {
  const { context, meter, loginUs } = parts;
  const { rounds: count, seconds, seed, signal, say, cleanUp } = context;
  const load = await startLoad({
    profile: 'journey-warm',
    edgePort: meter.edgePort,
    seed,
    seconds: SETTLE_SECONDS + count * seconds + SPARE_SECONDS,
  });
  cleanUp.defer(() => load.stop());
  const pause = (waitSeconds: number) => sleep(waitSeconds * 1000, undefined, { signal });
  say('warm: users begin');
  await pause(SETTLE_SECONDS);
  const rounds: Round[] = [];
  let before = await meter.read();
  for (let number = 1; number <= count; number++) {
    say(`warm: window ${number} of ${count}`);
    await pause(seconds);
    const after = await meter.read();
    rounds.push({ order: [ALL], samples: samplesOf(before, after, loginUs) });
    before = after;
  }
  const { requests, failed, trouble, valid } = await load.finished;
  if (failed > 0) throw new BenchError(`${failed} of ${requests} requests of the journey failed: ${trouble}`);
  if (!valid) say('the load-runner was the bottleneck at times: the rate is its own, CPU per request holds');
  return comparisonOf(rounds, meter.parts);
}

function samplesOf(before: Reading, after: Reading, loginUs: number): Record<string, Sample> {
  const done = countsBetween(before.counts, after.counts);
  const allUs = totalUs(before, after);
  const seconds = (after.atMs - before.atMs) / 1000;
  const parts = Object.entries(after.cpuUs).map(([part, us]) => {
    const cpuUsPerRequest = (us - (before.cpuUs[part] ?? 0)) / done.requests;
    return [part, { cpuUsPerRequest }] as const;
  });
  return {
    ...Object.fromEntries(parts),
    [ALL]: {
      cpuUsPerRequest: allUs / done.requests,
      requestsPerSecond: done.requests / seconds,
      hitPercent: hitPercent(done),
      readPercent: (done.reads / done.requests) * 100,
      loginPercent: (done.logins / done.requests) * 100,
    },
    [LOGINS_APART]: {
      cpuUsPerRequest: (allUs - done.logins * loginUs) / (done.requests - done.logins),
    },
  };
}

const comparisonOf = (rounds: readonly Round[], parts: readonly string[]): Comparison => ({
  title: 'Mixed student journey, warm, 100 users',
  reference: ALL,
  contestants: [ALL, LOGINS_APART, ...parts],
  metrics: [
    { key: 'cpuUsPerRequest', label: 'CPU µs', digits: 1, compared: true },
    { key: 'requestsPerSecond', label: 'requests/s', digits: 0, compared: false },
    { key: 'readPercent', label: 'cacheable %', digits: 1, compared: false },
    { key: 'hitPercent', label: 'hits of these %', digits: 1, compared: false },
    { key: 'loginPercent', label: 'logins %', digits: 2, compared: false },
  ],
  rounds,
  targets: [
    { id: 'P6', contestant: ALL, metric: 'hitPercent', atLeast: 95 },
    { id: 'P6', contestant: ALL, metric: 'cpuUsPerRequest', atMost: 150 },
    { id: 'P6', contestant: LOGINS_APART, metric: 'cpuUsPerRequest', atMost: 150 },
  ],
});
