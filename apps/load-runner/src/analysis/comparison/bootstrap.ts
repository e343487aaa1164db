// How sure a difference between two sets of runs is: intervals by drawing runs again and again from each set.

import { Random } from '../../users/random.js';
import { normalCdf, studentQuantile } from './distributions.js';

/** An effect and the interval that holds it with the wanted confidence. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
  readonly confidence: number;
}

/** What is compared: the mean of the candidate's runs against that of the baseline's. */
export type Effect = (baselineMean: number, candidateMean: number) => number;

/** How many times as large; 1 is no difference. */
export const ratio: Effect = (baseline, candidate) => (baseline === candidate ? 1 : candidate / baseline);
/** By how much; 0 is no difference. For shares, which may be 0. */
export const difference: Effect = (baseline, candidate) => candidate - baseline;

/**
 * The runs are what is drawn, with replacement, from each set by itself: requests within a run depend on each other, runs
 * do not (Kalibera & Jones, "Rigorous benchmarking in reasonable time", ISMM 2013, and "Quantifying performance changes with
 * effect size confidence intervals", 2012; the method is Efron's, "Bootstrap methods: another look at the jackknife", 1979).
 *
 * The plain percentile interval is too narrow for five runs: it divides by n where n − 1 is due, and knows the normal
 * distribution where Student's is due. Its tails are therefore moved out as Hesterberg has it ("What teachers should know
 * about the bootstrap", The American Statistician 69, 2015, section 5.3: the expanded percentile interval).
 */
export function bootstrapEffect(
  baseline: readonly number[],
  candidate: readonly number[],
  effect: Effect,
  { resamples, seed, confidence }: BootstrapOptions,
): Interval {
  // The same draws for each metric: intervals do not depend on which others were asked for.
  const random = new Random(seed);
  const effects = Float64Array.from({ length: resamples }, () =>
    effect(resampledMean(baseline, random), resampledMean(candidate, random)),
  ).sort();
  const tail = expandedTail(confidence, baseline.length, candidate.length);
  const at = (share: number) => effects[Math.min(resamples - 1, Math.floor(share * resamples))] ?? NaN;
  return { estimate: effect(mean(baseline), mean(candidate)), low: at(tail), high: at(1 - tail) };
}

function expandedTail(confidence: number, baselineRuns: number, candidateRuns: number): number {
  const runs = Math.min(baselineRuns, candidateRuns);
  if (runs < 2) return 0;
  const t = studentQuantile((1 + confidence) / 2, Math.max(1, baselineRuns + candidateRuns - 2));
  return normalCdf(-Math.sqrt(runs / (runs - 1)) * t);
}

function resampledMean(values: readonly number[], random: Random): number {
  let sum = 0;
  for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)] ?? 0;
  return sum / values.length;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
