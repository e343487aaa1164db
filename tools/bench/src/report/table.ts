/** A comparison as a table for people: the ratios first, because they are what holds on another machine. */
import { ratioOf, valuesOf } from '../measure/rounds.js';
import { median, type Spread } from '../measure/statistics.js';
import type { Comparison, Metric, Report } from './report.js';
import { verdictsOf, type Verdict } from './verdicts.js';

export function renderReport({ comparisons, notes }: Report): string {
  const sections = comparisons.map((comparison) => renderComparison(comparison));
  return [...sections, ...notes.map((note) => `Note: ${note}`)].join('\n');
}

function renderComparison(comparison: Comparison): string {
  const verdicts = verdictsOf(comparison).map((verdict) => renderVerdict(verdict, comparison));
  return [
    `${comparison.title}`,
    ...alignColumns([headings(comparison), ...comparison.contestants.map((name) => row(name, comparison))]),
    ...alignColumns(verdicts),
    '',
  ].join('\n');
}

const compared = ({ metrics }: Comparison): Metric[] => metrics.filter((metric) => metric.compared);

const headings = (comparison: Comparison): string[] => [
  '',
  ...compared(comparison).map(({ label }) => `${label}, ratio`),
  ...comparison.metrics.map(({ label }) => label),
];

function row(name: string, comparison: Comparison): string[] {
  const { rounds, reference } = comparison;
  const ratio = ({ key }: Metric): string => {
    if (valuesOf(rounds, name, key).length === 0) return '-';
    return name === reference ? '1 (reference)' : ratioText(ratioOf(rounds, key, name, reference));
  };
  const value = ({ key, digits }: Metric): string => {
    const values = valuesOf(rounds, name, key);
    return values.length === 0 ? '-' : grouped(median(values), digits);
  };
  return [name, ...compared(comparison).map(ratio), ...comparison.metrics.map(value)];
}

function renderVerdict({ target, measured, outcome }: Verdict, { metrics }: Comparison): string[] {
  const { id, contestant, metric, over, atLeast, atMost } = target;
  const known = metrics.find(({ key }) => key === metric);
  const what = `${known?.label ?? metric}, ${contestant}${over === undefined ? '' : ` / ${over}`}`;
  const figure = Number.isNaN(measured.median)
    ? 'not reached'
    : over === undefined
      ? spreadText(measured, known?.digits ?? 1)
      : ratioText(measured);
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return [`${id}: ${what}`, figure, bound, outcomeTexts[outcome]];
}

const outcomeTexts = { met: 'met', missed: 'MISSED', void: 'void: the servers were not kept busy' };

const ratioText = ({ median: middle, min, max }: Spread): string => {
  const digits = middle >= 10 ? 1 : 2;
  return `${middle.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
};

const spreadText = ({ median: middle, min, max }: Spread, digits: number): string =>
  `${grouped(middle, digits)} (${grouped(min, digits)}-${grouped(max, digits)})`;

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The first column to the left, the others to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join('   ')
      .replace(/^/, '  '),
  );
}
