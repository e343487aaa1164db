// `compare`: are these runs better or worse than those, or can nobody tell?

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { compareRuns, defaultCompareOptions } from '../analysis/comparison/compare-runs.js';
import { ConfigError } from '../config.js';
import { decidingFigures, type DecidingFigure } from '../profiles/baseline-schema.js';
import {
  comparisonExitCodes,
  comparisonJson,
  type ComparisonReport,
} from '../reports/comparison/comparison-report.js';
import { comparisonPage } from '../reports/comparison/page.js';
import { comparisonConsole, comparisonMarkdown } from '../reports/comparison/tables.js';
import { findRuns } from '../reports/find-runs.js';
import { collect, figures, positiveNumber, wholeNumber } from './options.js';

interface CompareCommandOptions {
  readonly baseline?: readonly string[];
  readonly candidate?: readonly string[];
  readonly minEffect: number;
  readonly minRuns: number;
  readonly alpha: number;
  readonly decide?: readonly DecidingFigure[];
  readonly seed: number;
  readonly out?: string;
  readonly html?: string;
  readonly markdown?: string;
}

const examples = `
Examples:
  $ load-runner compare --baseline 'results/before/*-load' --candidate 'results/after/*-load'
  $ load-runner compare --baseline 'a/*' --candidate 'b/*' --min-effect 10 --decide p50,p95,throughput
  $ load-runner compare --baseline 'a/*' --candidate 'b/*' --html overlay.html --markdown comment.md

The quotes keep the shell from expanding the patterns. A run is the unit: give five of each set or more, made in turns.

Exit codes:
  0 the same or better, 104 bad input, 121 worse, 123 inconclusive`;

export const compareCommand = (): Command =>
  new Command('compare')
    .description('tell whether one set of runs is better or worse than another')
    .argument('[unexpected...]')
    .option('--baseline <pattern>', 'run folders to compare with; may be repeated', collect)
    .option('--candidate <pattern>', 'run folders to judge; may be repeated', collect)
    .option('--min-effect <percent>', 'the smallest change that matters', positiveNumber(1000), 5)
    .option('--min-runs <n>', 'conclude nothing from fewer runs a side', wholeNumber(2, 1000), 5)
    .option('--alpha <share>', 'chance of a false alarm', positiveNumber(0.5), defaultCompareOptions.alpha)
    .option(
      '--decide <figures>',
      `figures of all requests that make the verdict (default: ${decidingFigures.join(',')})`,
      figures,
    )
    .option('--seed <n>', 'of the resamples', wholeNumber(0, 2 ** 32 - 1), defaultCompareOptions.seed)
    .option('--out <json=file>', 'also write everything as JSON', jsonFile)
    .option('--html <file>', 'also write a page with both sets on the same axes')
    .option('--markdown <file>', 'also write a table for a pull request')
    .addHelpText('after', examples)
    .action((unexpected: readonly string[], options: CompareCommandOptions) => {
      process.exitCode = compare(unexpected, options);
    });

function compare(unexpected: readonly string[], options: CompareCommandOptions): number {
  if (unexpected.length > 0) {
    throw new ConfigError(
      `what is "${unexpected[0]}"? The shell seems to have expanded a pattern: put it in quotes, like --baseline 'results/*-load'`,
    );
  }
  const { baseline, candidate, minEffect, minRuns, alpha, seed, decide } = options;
  if (!baseline || !candidate) throw new ConfigError('compare needs --baseline and --candidate (see --help)');
  const report = compareRuns(
    findRuns(baseline),
    findRuns(candidate),
    { ...defaultCompareOptions, ...{ minRuns, alpha, seed }, minEffect: minEffect / 100 },
    decide,
  );
  write(report, options);
  process.stdout.write(`${comparisonConsole(report)}\n`);
  return comparisonExitCodes[report.comparison.verdict];
}

function write(report: ComparisonReport, { out, html, markdown }: CompareCommandOptions): void {
  const files: [string | undefined, (report: ComparisonReport) => string][] = [
    [out, comparisonJson],
    [html, comparisonPage],
    [markdown, comparisonMarkdown],
  ];
  for (const [file, text] of files) {
    if (file === undefined) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text(report));
  }
}

function jsonFile(text: string): string {
  const path = /^json=(.+)$/.exec(text)?.[1];
  if (path === undefined) throw new InvalidArgumentError('It must be json=FILE.');
  return path;
}
