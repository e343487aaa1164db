// The reports of a comparison, and whether each can be read where it is meant to be.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { compareRuns, defaultCompareOptions as options } from '../../analysis/comparison/compare-runs.js';
import { runRecord } from '../../testing/run-records.js';
import { comparisonJson, type ComparisonReport } from './comparison-report.js';
import { comparisonPage } from './page.js';
import { comparisonConsole, comparisonMarkdown } from './tables.js';

const runs = (name: string, slowdown: number, offset: number, count = 5) =>
  Array.from({ length: count }, (_, index) =>
    runRecord({
      id: `${name}-${index}`,
      startedAt: new Date(60_000 * (2 * index + offset)),
      milliseconds: Array.from({ length: 100 }, (__, at) => (10 + at / 10) * slowdown * (1 + index / 500)),
    }),
  );

describe('reports of a comparison', () => {
  let worse: ComparisonReport;
  beforeAll(() => {
    worse = compareRuns(runs('baseline', 1, 0), runs('<candidate>', 1.15, 1), options);
  });

  it('the terminal has the verdict first, the worst row on top, and fits the deciding rows', () => {
    const lines = comparisonConsole(worse).split('\n');
    expect(lines[0]).toBe('  █ WORSE THAN THE BASELINE (exit code 121)');
    const head = lines.findIndex((line) => line.includes('These decide'));
    expect(lines[head + 2]).toMatch(
      /^ +Aggregated +response p\d\d +[\d.]+ms +[\d.]+ms +×1\.15\d +×1\.1\d\d … ×1\.1\d\d +0\.0397 +worse$/,
    );
    expect(lines.at(-2)).toContain('5 baseline and 5 candidate runs; 95.00% intervals from 10 000 resamples');
  });

  it('the table for a pull request names the endpoints to look at', () => {
    const text = comparisonMarkdown(worse);
    expect(text).toContain('## Load test comparison: worse than the baseline');
    expect(text).toContain('| Aggregated | response p50 |');
    expect(text).toContain('### Where to look');
    expect(text).toMatch(/\| listCourses \| service p95 \| .* \| worse \|/);
  });

  it('the JSON has every row, the runs and the exit code', () => {
    const json = JSON.parse(comparisonJson(worse)) as Record<string, unknown>;
    expect(json).toMatchObject({
      ...{ format: 1, verdict: 'worse', exitCode: 121 },
      runs: { baseline: ['baseline-0', 'baseline-1', 'baseline-2', 'baseline-3', 'baseline-4'] },
    });
    expect(json['rows']).toHaveLength(20);
  });

  it('the page needs nothing from elsewhere, escapes what it is given, and draws both sets', () => {
    const page = comparisonPage(worse);
    expect(page).not.toMatch(/(?:src|href)="(?!#)|@import|url\(/);
    expect(page).toContain('&lt;candidate&gt;-0');
    expect(page.match(/<circle class="candidate"/g)).toHaveLength(25);
    expect(page.match(/<path class="one baseline"/g)).toHaveLength(10);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    const forests = page.match(/<svg\s+class="forest worse"/g) ?? [];
    expect(forests.length).toBeGreaterThan(3);
  });

  it('the page of sets without runs that count says so instead of drawing', () => {
    const few = compareRuns(runs('baseline', 1, 0, 1), runs('candidate', 1, 1, 1), options);
    const page = comparisonPage({ ...few, sets: { ...few.sets, candidate: [] } });
    expect(page).toContain('Inconclusive');
    expect(page).not.toContain('class="curves"');
  });
});
