/** Whether what was measured is what was aimed for. */
import { ratioOf, valuesOf } from '../measure/rounds.js';
import { spread, type Spread } from '../measure/statistics.js';
import type { Comparison, Target } from './report.js';

export interface Verdict {
  readonly target: Target;
  readonly measured: Spread;
  /** By the median. */
  readonly met: boolean;
}

export function verdictsOf({ rounds, targets }: Comparison): Verdict[] {
  return targets.map((target) => {
    const { contestant, metric, over, atLeast = -Infinity, atMost = Infinity } = target;
    const measured =
      over === undefined
        ? spread(valuesOf(rounds, contestant, metric))
        : ratioOf(rounds, metric, contestant, over);
    return { target, measured, met: measured.median >= atLeast && measured.median <= atMost };
  });
}
