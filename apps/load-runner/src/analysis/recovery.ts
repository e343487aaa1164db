// How fast a system is itself again after a spike: p95 before, during and after it.

import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Second, StageTotals } from '../engine/timeline.js';
import type { Recovery } from './record.js';

/** A stage with this many times the users of its neighbours is a spike. */
const spikeFactor = 2;
/** Recovered: p95 within a fifth of what it was before… */
const recoveredFactor = 1.2;
/** …or so near that the difference is noise of the machine. */
const recoveredSlackMs = 10;
/** p95 is taken over windows of this length, or a single slow answer would decide. */
const windowSeconds = 2;

export function findRecoveries(stages: readonly StageTotals[], seconds: readonly Second[]): Recovery[] {
  return stages.flatMap((spike, index) => {
    const before = stages[index - 1];
    const after = stages[index + 1];
    if (!before || !after || before.seconds === 0 || after.seconds === 0) return [];
    const calm = Math.max(before.phase.level, after.phase.level);
    if (calm === 0 || spike.phase.level < calm * spikeFactor) return [];
    const p95 = (stage: StageTotals) => stage.durations.percentileMs(95);
    const beforeP95Ms = p95(before);
    const afterP95Ms = p95(after);
    return [
      {
        beforeUsers: before.phase.level,
        spikeUsers: spike.phase.level,
        beforeP95Ms,
        spikeP95Ms: p95(spike),
        afterP95Ms,
        ratio: beforeP95Ms === 0 ? 0 : afterP95Ms / beforeP95Ms,
        seconds: secondsToRecover(after, seconds, beforeP95Ms),
      },
    ];
  });
}

function secondsToRecover(
  after: StageTotals,
  seconds: readonly Second[],
  beforeP95Ms: number,
): number | null {
  const spikeOver = Math.floor(after.phase.fromMs / 1000);
  const calm = seconds.filter(({ second }) => second >= spikeOver && second * 1000 < after.phase.toMs);
  const goodEnough = Math.max(beforeP95Ms * recoveredFactor, beforeP95Ms + recoveredSlackMs);
  for (const [index, { second }] of calm.entries()) {
    const window = new LatencyHistogram();
    for (const { hdr } of calm.slice(index, index + windowSeconds)) window.add(LatencyHistogram.decode(hdr));
    if (window.count > 0 && window.percentileMs(95) <= goodEnough) return second - spikeOver;
  }
  return null;
}
