// Two sets of runs against each other: every figure gets a row and a verdict, and a few of them decide the whole.

import { drawRuns } from './bootstrap.js';
import { holm } from './holm.js';
import {
  judgeRow,
  measureRow,
  severity,
  type Criteria,
  type Measure,
  type Row,
  type RowVerdict,
} from './row.js';

export interface Comparison {
  readonly verdict: RowVerdict;
  /** One sentence each, the most important first. */
  readonly reasons: readonly string[];
  /** Those that decide first, then the worst first. */
  readonly rows: readonly Row[];
}

export interface CompareOptions extends Criteria {
  /** Fewer runs on a side than this, and nothing is concluded. */
  readonly minRuns: number;
}

/**
 * Dozens of rows, each with its own chance of a false alarm, would cry wolf in every other comparison. So only rows that
 * decide (response time p50, p95, p99, throughput and failures of all requests together) make the verdict, with p values
 * adjusted for their number; the others tell where to look, each with its own plain p.
 */
export function compareMeasures(measures: readonly Measure[], options: CompareOptions): Comparison {
  // All measures have the same runs.
  const runs = measures[0] ?? { baseline: [], candidate: [] };
  const draws = drawRuns(runs.baseline.length, runs.candidate.length, options);
  const measured = measures.map((measure) => measureRow(measure, draws, options));
  const deciding = measured.filter((row) => row.decides);
  const adjusted = holm(deciding.map((row) => row.p));
  const rows = measured.map((row) => {
    const place = deciding.indexOf(row);
    return judgeRow(row, place < 0 ? row.p : (adjusted[place] ?? 1), options);
  });
  const verdict = overall(rows, runs, options);
  return { verdict, reasons: explain(verdict, rows, runs, options), rows: worstFirst(rows) };
}

type Sets = Pick<Measure, 'baseline' | 'candidate'>;

const fewest = ({ baseline, candidate }: Sets): number => Math.min(baseline.length, candidate.length);

function overall(rows: readonly Row[], runs: Sets, { minRuns }: CompareOptions): RowVerdict {
  if (fewest(runs) < minRuns) return 'inconclusive';
  const verdicts = rows.filter((row) => row.decides).map((row) => row.verdict);
  if (verdicts.includes('worse')) return 'worse';
  if (verdicts.length === 0 || verdicts.includes('inconclusive')) return 'inconclusive';
  return verdicts.includes('better') ? 'better' : 'same';
}

function explain(verdict: RowVerdict, rows: readonly Row[], runs: Sets, options: CompareOptions): string[] {
  const { minRuns, minEffect } = options;
  if (fewest(runs) < minRuns) {
    const had = `${runs.baseline.length} baseline and ${runs.candidate.length} candidate runs`;
    return [`At least ${minRuns} runs of each set are needed; there are ${had} that count.`];
  }
  const deciding = rows.filter((row) => row.decides);
  if (deciding.length === 0) return ['No figure that could decide was measured in every run.'];
  if (verdict === 'same') {
    return [
      `Each deciding figure is the same within ${percent(minEffect)} (failures within 0.1 % of requests).`,
    ];
  }
  const own = deciding.filter((row) => row.verdict === verdict).map(describeRow);
  return verdict === 'inconclusive' ? [...own, ...tooFewToTell(deciding.length, runs, options)] : own;
}

/** However far apart the sets lie, p cannot be smaller than two of all ways to divide the runs. */
function tooFewToTell(figures: number, { baseline, candidate }: Sets, { alpha }: CompareOptions): string[] {
  const smallestP = 2 / waysToChoose(baseline.length + candidate.length, baseline.length);
  if (smallestP * figures < alpha) return [];
  return [
    `${baseline.length} and ${candidate.length} runs can show no difference in ${figures} figures at once with a chance of ` +
      `false alarm below ${percent(alpha)}: make more runs, or let fewer figures decide.`,
  ];
}

function waysToChoose(all: number, some: number): number {
  let ways = 1;
  for (let step = 1; step <= some; step++) ways = (ways * (all - some + step)) / step;
  return ways;
}

/** `Aggregated response p95: 1.151 times the baseline (1.121 to 1.183), p = 0.0397.` */
function describeRow({ scope, metric, unit, effect, adjustedP }: Row): string {
  const { estimate, low, high } = effect;
  const by =
    unit === 'share'
      ? `${signedPercent(estimate)} of requests (${signedPercent(low)} to ${signedPercent(high)})`
      : `${estimate.toFixed(3)} times the baseline (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return `${scope} ${metric}: ${by}, p = ${Number(adjustedP.toPrecision(2))}.`;
}

const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
const signedPercent = (share: number): string => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(2)} %`;

const order: readonly RowVerdict[] = ['worse', 'inconclusive', 'better', 'same'];

function worstFirst(rows: readonly Row[]): Row[] {
  const rank = (row: Row) => (row.decides ? 0 : order.length) + order.indexOf(row.verdict);
  return [...rows].sort((a, b) => rank(a) - rank(b) || severity(b).estimate - severity(a).estimate);
}
