// A run against earlier ones, as the profile's block `baseline` or the command line wants it.

import { compareRuns, defaultCompareOptions } from '../analysis/comparison/compare-runs.js';
import type { CompareOptions } from '../analysis/comparison/compare.js';
import { chooseRuns, ComparisonError, differingLoad } from '../analysis/comparison/run-sets.js';
import type { RunRecord } from '../analysis/record.js';
import { ConfigError } from '../config.js';
import type { DecidingFigure } from '../profiles/baseline-schema.js';
import type { Profile } from '../profiles/schema.js';
import { comparisonExitCodes } from '../reports/comparison/comparison-report.js';
import { comparisonConsole } from '../reports/comparison/tables.js';
import { findRuns } from '../reports/find-runs.js';

export interface BaselineGate {
  add(record: RunRecord): void;
  /** Prints the comparison; the exit code that its verdict stands for. */
  judge(output: { write(text: string): unknown }): number;
}

/** The command line's part; what it does not say is the profile's to say. */
export interface BaselineOptions {
  /** false: `--no-baseline`, whatever the profile says. */
  readonly baseline?: readonly string[] | false;
  /** Percent. */
  readonly minEffect?: number;
  readonly minRuns?: number;
  readonly decide?: readonly DecidingFigure[];
}

export interface WantedComparison {
  readonly against: readonly string[];
  readonly options: CompareOptions;
  readonly decide: readonly DecidingFigure[] | undefined;
}

/** Undefined when the runs are to be held against nothing. */
export function wantedComparison(
  { baseline, minEffect, minRuns, decide }: BaselineOptions,
  { baseline: block }: Pick<Profile, 'baseline'>,
): WantedComparison | undefined {
  const against = baseline ?? block?.against;
  if (against) {
    const given = stated({ minEffect: minEffect && minEffect / 100, minRuns });
    const said = stated({ minEffect: block?.minEffect, minRuns: block?.minRuns });
    return {
      against,
      options: { ...defaultCompareOptions, ...said, ...given },
      decide: decide ?? block?.decide,
    };
  }
  if ([minEffect, minRuns, decide].some((one) => one !== undefined))
    throw new ConfigError('--min-effect, --min-runs and --decide are about a baseline, and there is none');
  return undefined;
}

type Details = Pick<CompareOptions, 'minEffect' | 'minRuns'>;

const stated = (details: { [Key in keyof Details]: number | undefined }): Partial<Details> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));

/** Reads the baseline before anything is run: minutes of load are not spent on a comparison that cannot be made. */
export function baselineGate(
  { against, options, decide }: WantedComparison,
  profile: Profile,
  repeat: number,
): BaselineGate {
  const baseline = earlierRuns(against);
  refuse(baseline, profile);
  refuseTooFew(chooseRuns(baseline, []).baseline.length, repeat, options);
  const fresh: RunRecord[] = [];
  return {
    add: (record) => fresh.push(record),
    judge: (output) => {
      const comparison = compareRuns(baseline, fresh, options, decide);
      output.write(`\n${comparisonConsole(comparison)}\n`);
      return comparisonExitCodes[comparison.comparison.verdict];
    },
  };
}

function earlierRuns(against: readonly string[]): RunRecord[] {
  try {
    return findRuns(against);
  } catch (error) {
    throw new ConfigError(`the baseline: ${(error as Error).message}. ${howToMakeThem}`, { cause: error });
  }
}

const howToMakeThem = 'With --no-baseline the profile is run without one, as it is when its baseline is made';

function refuse(baseline: readonly RunRecord[], profile: Profile): void {
  for (const run of baseline) {
    const differs = differingLoad(run.profile, profile);
    if (differs !== undefined) {
      throw new ComparisonError(`the baseline run ${run.id} did something else: ${differs} differs`);
    }
  }
}

function refuseTooFew(earlier: number, repeat: number, { minRuns }: CompareOptions): void {
  if (earlier < minRuns) {
    throw new ConfigError(
      `the baseline has ${earlier} runs that count, and from fewer than ${minRuns} nothing is concluded. ${howToMakeThem}`,
    );
  }
  if (repeat < minRuns) {
    throw new ConfigError(
      `nothing is concluded from fewer than ${minRuns} fresh runs: give --repeat ${minRuns}, or --no-baseline`,
    );
  }
}
