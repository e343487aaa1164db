// One row of a comparison: a metric's values of both sets, the effect between them, and the verdict on it.

import { bootstrapEffect, difference, mean, ratio, type Draws, type Interval } from './bootstrap.js';
import { mannWhitney } from './mann-whitney.js';

export type RowVerdict = 'better' | 'worse' | 'same' | 'inconclusive';

/** A figure of each run, in the order of the runs. */
export interface Measure {
  /** `Aggregated`, or the endpoint's or part's name. */
  readonly scope: string;
  /** `response p95`, `throughput` and the like. */
  readonly metric: string;
  readonly unit: 'ms' | 'per second' | 'share';
  readonly higherIsBetter: boolean;
  /** Whether the verdict on the whole rests on it, together with the others that do. */
  readonly decides: boolean;
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

export interface Row extends Measure {
  readonly baselineMean: number;
  readonly candidateMean: number;
  /** The candidate's mean as a multiple of the baseline's; of shares the difference. */
  readonly effect: Interval;
  readonly p: number;
  /** p that the verdict used: of rows that decide it is adjusted for their number. */
  readonly adjustedP: number;
  readonly verdict: RowVerdict;
}

export interface Criteria {
  /** Chance of a false alarm. */
  readonly alpha: number;
  /** The smallest change of a time or rate that matters, 0.05 for 5 %. */
  readonly minEffect: number;
  readonly resamples: number;
  readonly seed: number;
}

/** The smallest change of a share of failed requests that matters: a tenth of the 1 % that profiles usually allow. */
export const minShareEffect = 0.001;

export type UnjudgedRow = Omit<Row, 'adjustedP' | 'verdict'>;

export function measureRow(measure: Measure, draws: Draws, { alpha }: Criteria): UnjudgedRow {
  const { baseline, candidate, unit } = measure;
  return {
    ...measure,
    baselineMean: mean(baseline),
    candidateMean: mean(candidate),
    effect: bootstrapEffect(baseline, candidate, unit === 'share' ? difference : ratio, draws, 1 - alpha),
    p: mannWhitney(baseline, candidate).p,
  };
}

/**
 * "worse" and "better" need all of: an effect as large as matters, an interval that excludes no effect, and the U test's
 * p below alpha: the first two keep out what is too small to matter, the third what one wild run could do. "same" is not
 * the lack of a difference but its own claim: the whole interval lies within what does not matter (equivalence, as in
 * Schuirmann's two one-sided tests, 1987). Everything else is open.
 */
export function judgeRow(row: UnjudgedRow, adjustedP: number, criteria: Criteria): Row {
  return { ...row, adjustedP, verdict: verdictOn(row, adjustedP, criteria) };
}

function verdictOn(row: UnjudgedRow, adjustedP: number, { alpha, minEffect }: Criteria): RowVerdict {
  const { estimate, low, high } = severity(row);
  const margin = row.unit === 'share' ? minShareEffect : Math.log(1 + minEffect);
  if (adjustedP < alpha && low > 0 && estimate >= margin) return 'worse';
  if (adjustedP < alpha && high < 0 && estimate <= -margin) return 'better';
  return low > -margin && high < margin ? 'same' : 'inconclusive';
}

/**
 * The effect so that 0 is none and more is worse. Ratios by their logarithm: 5 % slower and 5 % faster are as far from 1,
 * so exchanging the sets turns worse into better and nothing else.
 */
export function severity({ effect, unit, higherIsBetter }: UnjudgedRow): Interval {
  const scale = (value: number) => (unit === 'share' ? value : Math.log(value));
  const { estimate, low, high } = {
    estimate: scale(effect.estimate),
    low: scale(effect.low),
    high: scale(effect.high),
  };
  return higherIsBetter ? { estimate: -estimate, low: -high, high: -low } : { estimate, low, high };
}
