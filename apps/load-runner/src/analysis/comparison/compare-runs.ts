// From the records of two sets of runs to what can be said about them.

import type { DecidingFigure } from '../../profiles/baseline-schema.js';
import type { RunRecord } from '../record.js';
import { compareMeasures, type CompareOptions, type Comparison } from './compare.js';
import { measuresOf } from './measures.js';
import { chooseRuns, type RunSets } from './run-sets.js';

export interface RunComparison {
  readonly comparison: Comparison;
  readonly sets: RunSets;
  readonly options: CompareOptions;
}

/** What `compare` takes when nothing else is said. */
export const defaultCompareOptions: CompareOptions = {
  alpha: 0.05,
  minEffect: 0.05,
  minRuns: 5,
  resamples: 10_000,
  seed: 1,
};

/** @throws ComparisonError when the sets did not do the same */
export function compareRuns(
  baseline: readonly RunRecord[],
  candidate: readonly RunRecord[],
  options: CompareOptions,
  deciding?: readonly DecidingFigure[],
): RunComparison {
  const sets = chooseRuns(baseline, candidate);
  const measures = measuresOf(sets.baseline, sets.candidate, deciding);
  return { comparison: compareMeasures(measures, options), sets, options };
}
