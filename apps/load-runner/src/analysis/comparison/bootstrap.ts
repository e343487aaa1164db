// How sure a difference between two sets of runs is: intervals by drawing runs again and again from each set.

import { Random } from '../../users/random.js';
import { normalCdf, studentQuantile } from './distributions.js';

/** An effect and the interval that holds it with the wanted confidence. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Which runs each resample is made of; the same for every metric, so no interval depends on what else was asked for. */
export interface Draws {
  readonly resamples: number;
  readonly baselineRuns: number;
  readonly candidateRuns: number;
  /** For each resample so many places of baseline runs, then of candidate runs. */
  readonly places: Uint32Array;
}

export function drawRuns(
  baselineRuns: number,
  candidateRuns: number,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Draws {
  const random = new Random(seed);
  const perResample = baselineRuns + candidateRuns;
  const places = Uint32Array.from({ length: resamples * perResample }, (_, index) =>
    random.below(index % perResample < baselineRuns ? baselineRuns : candidateRuns),
  );
  return { resamples, baselineRuns, candidateRuns, places };
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
  draws: Draws,
  confidence: number,
): Interval {
  const { resamples, places } = draws;
  const perResample = baseline.length + candidate.length;
  const effects = Float64Array.from({ length: resamples }, (_, resample) => {
    const from = resample * perResample;
    return effect(
      meanOfDrawn(baseline, places, from),
      meanOfDrawn(candidate, places, from + baseline.length),
    );
  }).sort();
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

function meanOfDrawn(values: readonly number[], places: Uint32Array, from: number): number {
  let sum = 0;
  for (let draw = from; draw < from + values.length; draw++) sum += values[places[draw] ?? 0] ?? 0;
  return sum / values.length;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
