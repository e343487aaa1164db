/** Whether what was measured is what was aimed for. */
import { ratioOf, valuesOf, type Round } from '../measure/rounds.js';
import { median, spread, type Spread } from '../measure/statistics.js';
import type { Comparison, Target } from './report.js';

export interface Verdict {
  readonly target: Target;
  readonly measured: Spread;
  /** By the medians. Void: what the target presupposes was not given, so the figure says nothing. */
  readonly outcome: 'met' | 'missed' | 'void';
}

export function verdictsOf({ rounds, targets }: Comparison): Verdict[] {
  return targets.map((target) => {
    const { contestant, metric, over, atLeast = -Infinity, atMost = Infinity } = target;
    const measured =
      over === undefined
        ? spread(valuesOf(rounds, contestant, metric))
        : ratioOf(rounds, metric, contestant, over);
    const met = measured.median >= atLeast && measured.median <= atMost;
    return { target, measured, outcome: isVoid(target, rounds) ? 'void' : met ? 'met' : 'missed' };
  });
}

function isVoid({ contestant, over, given }: Target, rounds: readonly Round[]): boolean {
  if (given === undefined) return false;
  const both = over === undefined ? [contestant] : [contestant, over];
  return both.some((name) => !(median(valuesOf(rounds, name, given.metric)) >= given.atLeast));
}
