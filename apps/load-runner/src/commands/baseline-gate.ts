// `run --baseline`: the runs just made against earlier ones.

import { compareRuns, defaultCompareOptions } from '../analysis/comparison/compare-runs.js';
import type { CompareOptions } from '../analysis/comparison/compare.js';
import { ComparisonError, differingLoad } from '../analysis/comparison/run-sets.js';
import type { RunRecord } from '../analysis/record.js';
import type { Profile } from '../profiles/schema.js';
import { comparisonExitCodes } from '../reports/comparison/comparison-report.js';
import { comparisonConsole } from '../reports/comparison/tables.js';
import { findRuns } from '../reports/find-runs.js';

export interface BaselineGate {
  add(record: RunRecord): void;
  /** Prints the comparison; the exit code that its verdict stands for. */
  judge(output: { write(text: string): unknown }): number;
}

/** Reads the baseline before anything is run: minutes of load are not spent on a comparison that cannot be made. */
export function baselineGate(
  patterns: readonly string[],
  profile: Profile,
  options: Pick<CompareOptions, 'minEffect' | 'minRuns'>,
): BaselineGate {
  const baseline = findRuns(patterns);
  for (const run of baseline) {
    const differs = differingLoad(run.profile, profile);
    if (differs !== undefined) {
      throw new ComparisonError(`the baseline run ${run.id} did something else: ${differs} differs`);
    }
  }
  const fresh: RunRecord[] = [];
  return {
    add: (record) => fresh.push(record),
    judge: (output) => {
      const comparison = compareRuns(baseline, fresh, { ...defaultCompareOptions, ...options });
      output.write(`\n${comparisonConsole(comparison)}\n`);
      return comparisonExitCodes[comparison.comparison.verdict];
    },
  };
}
