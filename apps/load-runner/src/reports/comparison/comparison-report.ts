// What every report of a comparison is made from, and how its figures are written.

import type { RunComparison } from '../../analysis/comparison/compare-runs.js';
import type { Row, RowVerdict } from '../../analysis/comparison/row.js';
import type { RunSets } from '../../analysis/comparison/run-sets.js';
import { exitCodes } from '../../analysis/verdict.js';
import { formatCount, formatMs, formatPercent } from '../format.js';

export type ComparisonReport = RunComparison;

export const comparisonExitCodes: Readonly<Record<RowVerdict, number>> = {
  better: exitCodes.passed,
  same: exitCodes.passed,
  worse: exitCodes.regression,
  inconclusive: exitCodes.inconclusive,
};

export const titles: Readonly<Record<RowVerdict, string>> = {
  better: 'Better than the baseline',
  same: 'The same as the baseline',
  worse: 'Worse than the baseline',
  inconclusive: 'Inconclusive',
};

export function formatValue(value: number, unit: Row['unit']): string {
  if (unit === 'ms') return formatMs(value);
  return unit === 'share' ? formatPercent(value) : `${formatCount(value, 1)}/s`;
}

/** `×1.151`, or of shares `+0.20%`. */
export const formatEffect = (value: number, unit: Row['unit']): string =>
  unit === 'share' ? `${value >= 0 ? '+' : ''}${formatPercent(value)}` : `×${value.toFixed(3)}`;

export const formatInterval = ({ effect, unit }: Row): string =>
  `${formatEffect(effect.low, unit)} … ${formatEffect(effect.high, unit)}`;

export const formatP = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));

/** What the figures rest on, in a sentence. */
export function method({ sets, options }: ComparisonReport): string {
  const { alpha, minEffect, resamples, seed } = options;
  return (
    `${sets.baseline.length} baseline and ${sets.candidate.length} candidate runs; ${formatPercent(1 - alpha)} intervals ` +
    `from ${formatCount(resamples)} resamples of runs (seed ${seed}), two-sided Mann-Whitney U test, of deciding figures ` +
    `with Holm’s correction; a change below ${formatPercent(minEffect)} does not matter.`
  );
}

export function comparisonJson(report: ComparisonReport): string {
  const { comparison, sets, options } = report;
  const ids = (runs: RunSets['baseline']) => runs.map(({ id }) => id);
  const { verdict, reasons, rows } = comparison;
  return `${JSON.stringify(
    {
      format: 1,
      ...{ verdict, exitCode: comparisonExitCodes[verdict], reasons, notes: sets.notes, options },
      runs: { baseline: ids(sets.baseline), candidate: ids(sets.candidate) },
      rows,
    },
    null,
    2,
  )}\n`;
}
