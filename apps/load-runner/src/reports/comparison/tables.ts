// A comparison as text: for the terminal, and for a pull request.

import type { Row } from '../../analysis/comparison/row.js';
import { table } from '../markdown.js';
import { alignedRows } from '../text-table.js';
import {
  comparisonExitCodes,
  formatEffect,
  formatInterval,
  formatP,
  formatValue,
  method,
  titles,
  type ComparisonReport,
} from './comparison-report.js';

/** A terminal's height; the others are in the files. */
const shownRows = 30;

const head = ['', 'figure', 'baseline', 'candidate', 'change', 'interval', 'p', 'verdict'];

const cells = (row: Row): string[] => [
  row.scope,
  row.metric,
  formatValue(row.baselineMean, row.unit),
  formatValue(row.candidateMean, row.unit),
  formatEffect(row.effect.estimate, row.unit),
  formatInterval(row),
  formatP(row.adjustedP),
  row.verdict,
];

/** Those that decide, and of the others first what is worth a look. */
function shown({ comparison: { rows } }: ComparisonReport): { deciding: Row[]; informing: Row[] } {
  const deciding = rows.filter((row) => row.decides);
  return { deciding, informing: rows.filter((row) => !row.decides).slice(0, shownRows - deciding.length) };
}

export function comparisonConsole(report: ComparisonReport): string {
  const { comparison, sets } = report;
  const { deciding, informing } = shown(report);
  const hidden = comparison.rows.length - deciding.length - informing.length;
  return [
    `  █ ${titles[comparison.verdict].toUpperCase()} (exit code ${comparisonExitCodes[comparison.verdict]})`,
    ...comparison.reasons.map((reason) => `    ${reason}`),
    ...sets.notes.map((note) => `    Note: ${note}`),
    ...textTable('These decide', deciding),
    ...textTable('These tell where to look', informing),
    ...(hidden > 0
      ? [`    and ${hidden} more, none of them worse than these: see --html or --out json=FILE`]
      : []),
    `\n    ${method(report)}\n`,
  ].join('\n');
}

function textTable(title: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const lines = [['', ...head.slice(1)], ...rows.map(cells)];
  return ['', `  ${title}`, ...alignedRows(lines, isText).map((line) => `    ${line}`)];
}

const isText = (column: number): boolean => column < 2 || column === head.length - 1;

export function comparisonMarkdown(report: ComparisonReport): string {
  const { comparison, sets } = report;
  const { deciding, informing } = shown(report);
  const list = (sentences: readonly string[]) => sentences.map((sentence) => `- ${sentence}`).join('\n');
  const noted = informing.filter((row) => row.verdict === 'worse' || row.verdict === 'better');
  return (
    [
      `## Load test comparison: ${titles[comparison.verdict].toLowerCase()}`,
      list([...comparison.reasons, ...sets.notes]),
      table(head, deciding.map(cells)),
      noted.length > 0 && `### Where to look\n\n${table(head, noted.map(cells))}`,
      method(report),
    ]
      .filter((part) => part !== false)
      .join('\n\n') + '\n'
  );
}
