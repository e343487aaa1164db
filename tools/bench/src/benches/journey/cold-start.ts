/** How long a hundred users take to warm the cache of a system that has answered nobody yet. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../../bench.js';
import { startLoad } from '../../client/load-runner.js';
import type { Comparison } from '../../report/report.js';
import { countsBetween, hitPercent } from '../../servers/edge-counts.js';
import type { Reading, StackMeter } from './stack-meter.js';

const ENOUGH_PERCENT = 95;
/** The rate is that of the last seconds, as one alone may have few reads. */
const WINDOW_SECONDS = 3;
const POLL_MS = 1000;

export async function compareColdStart(parts: {
  context: BenchContext;
  meter: StackMeter;
}): Promise<Comparison> {
  const { context, meter } = parts;
  const load = await startLoad({ profile: 'journey-cold', edgePort: meter.edgePort, seed: context.seed });
  context.cleanUp.defer(() => load.stop());
  const readings: Reading[] = [await meter.read()];
  let running = true;
  const finished = load.finished.finally(() => (running = false));
  finished.catch(() => undefined);
  while (running) {
    await Promise.race([sleep(POLL_MS, undefined, { signal: context.signal }), finished]);
    readings.push(await meter.read());
    context.say(`cold start: ${progress(readings)}`);
  }
  const { failed } = await finished;
  return {
    title: 'Cold start with 100 users',
    reference: 'cold start',
    contestants: ['cold start'],
    metrics: [
      { key: 'secondsToEnough', label: `s to ${ENOUGH_PERCENT} % hits`, digits: 1, compared: false },
      { key: 'lastPercent', label: 'hit % at the end', digits: 1, compared: false },
      { key: 'overallPercent', label: 'hit % of all', digits: 1, compared: false },
      { key: 'failed', label: 'failed requests', digits: 0, compared: false },
    ],
    rounds: [{ order: ['cold start'], samples: { 'cold start': { ...coldSample(readings), failed } } }],
    targets: [{ id: 'P6', contestant: 'cold start', metric: 'secondsToEnough', atMost: 30 }],
  };
}

/** From the first read on. What was never reached is left out. */
function coldSample(readings: readonly Reading[]) {
  const start = Math.max(0, readings.findIndex(({ counts }) => counts.reads > 0) - 1);
  const enough = readings.findIndex(
    (_, index) => index > start && percentOfLast(readings.slice(0, index + 1)) >= ENOUGH_PERCENT,
  );
  const [first, last] = [readings[start], readings.at(-1)] as [Reading, Reading];
  return {
    lastPercent: percentOfLast(readings),
    overallPercent: hitPercent(countsBetween(first.counts, last.counts)),
    ...(enough > 0 && { secondsToEnough: ((readings[enough]?.atMs ?? NaN) - first.atMs) / 1000 }),
  };
}

function percentOfLast(readings: readonly Reading[]): number {
  const last = readings.at(-1) as Reading;
  const before = readings.at(-1 - WINDOW_SECONDS) ?? readings[0] ?? last;
  return hitPercent(countsBetween(before.counts, last.counts));
}

const progress = (readings: readonly Reading[]): string =>
  `${readings.at(-1)?.counts.reads ?? 0} reads, ${percentOfLast(readings).toFixed(1)} % hits in the last seconds`;
