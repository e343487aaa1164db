// The overlay page: one file that opens offline; the verdict first, then both sets on the same axes.

import type { Row } from '../../analysis/comparison/row.js';
import type { RunRecord } from '../../analysis/record.js';
import { assets } from '../html/assets.js';
import { html, trusted, type Content, type Markup } from '../html/markup.js';
import { card, heads, table } from '../html/sections/elements.js';
import { formatCount, formatMs, formatPercent } from '../format.js';
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
import { forestLine, percentileCurves, reachOf, runDots } from './drawings.js';

/** The look of a run's verdict stands for that of a comparison. */
const looks = { better: 'passed', same: 'passed', worse: 'failed', inconclusive: 'interrupted' } as const;
const colours = { better: 'good', same: '', worse: 'bad', inconclusive: 'warn' } as const;

export function comparisonPage(report: ComparisonReport): string {
  const { comparison, sets, options } = report;
  const name = [...sets.baseline, ...sets.candidate][0]?.profile.name ?? '';
  const deciding = comparison.rows.filter((row) => row.decides);
  const informing = comparison.rows.filter((row) => !row.decides);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Load test ${name}: ${titles[comparison.verdict].toLowerCase()}</title>
        <style>
          ${trusted(assets.style())} ${trusted(assets.comparisonStyle())}
        </style>
      </head>
      <body>
        <main>
          <h1>Load test ${name}, compared</h1>
          <p class="sub">
            <b class="key baseline">baseline</b> ${sets.baseline.length} runs ·
            <b class="key candidate">candidate</b> ${sets.candidate.length} runs
          </p>
          ${verdict(report)}
          ${card('decides', 'What decides', [rowTable(deciding, options.minEffect), dots(deciding)])}
          ${overlay(report)}
          ${
            informing.length > 0
              ? card('informs', 'Where to look', rowTable(informing, options.minEffect))
              : undefined
          }
          ${card('runs', 'The runs', runTable(report))}
          <footer>${method(report)}</footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function verdict({ comparison, sets }: ComparisonReport): Markup {
  return html`<section class="card verdict ${looks[comparison.verdict]}">
    <strong>${titles[comparison.verdict]}</strong>
    <ul>
      ${[...comparison.reasons, ...sets.notes].map((reason) => html`<li>${reason}</li>`)}
    </ul>
    <small>exit code ${comparisonExitCodes[comparison.verdict]}</small>
  </section>`;
}

function rowTable(rows: readonly Row[], minEffect: number): Markup {
  const reach = reachOf(rows, minEffect);
  return table(
    html`<th>Figure</th>
      <th class="text">Verdict</th>
      <th class="text">Change, and its interval</th>
      ${heads(['Change', 'Interval', 'Baseline', 'Candidate', 'p'])}`,
    rows.map(
      (row) =>
        html`<tr>
          <td>${row.scope}<br /><small>${row.metric}</small></td>
          <td class="text ${colours[row.verdict]}">${row.verdict}</td>
          <td class="text">${forestLine(row, minEffect, reach)}</td>
          <td>${formatEffect(row.effect.estimate, row.unit)}</td>
          <td>${formatInterval(row)}</td>
          <td>${formatValue(row.baselineMean, row.unit)}</td>
          <td>${formatValue(row.candidateMean, row.unit)}</td>
          <td>${formatP(row.adjustedP)}</td>
        </tr>`,
    ),
  );
}

const dots = (rows: readonly Row[]): Markup =>
  html`<h3>Each run</h3>
    <div class="strips">${rows.map(runDots)}</div>`;

function overlay({ sets: { baseline, candidate } }: ReportSets): Content {
  if (baseline.length === 0 || candidate.length === 0) return undefined;
  return card('percentiles', 'Latency by percentile', [
    html`<h3>Response time, from when the answer was wanted</h3>
      ${percentileCurves(baseline, candidate, 'response')}`,
    html`<h3>Service time, from the first byte sent</h3>
      ${percentileCurves(baseline, candidate, 'latency')}`,
    html`<p class="sub">A thin line for each run, a thick one for the mean of each set.</p>`,
  ]);
}

type ReportSets = Pick<ComparisonReport, 'sets'>;

function runTable({ sets }: ReportSets): Markup {
  const row = (set: string) => (run: RunRecord) =>
    html`<tr>
      <td><b class="key ${set}">${set}</b> ${run.id}</td>
      <td>${run.git?.revision.slice(0, 12) ?? 'unknown'}${run.git?.dirty ? ' with local changes' : ''}</td>
      <td>${run.seed}</td>
      <td>${formatCount(run.total.requests)}</td>
      <td>${formatCount(run.total.requestsPerSecond, 1)}</td>
      <td>${formatPercent(run.total.requests === 0 ? 0 : run.total.failed / run.total.requests)}</td>
      <td>${formatMs(run.total.response.medianMs)}</td>
      <td>${formatMs(run.total.response.p95Ms)}</td>
      <td>${formatMs(run.total.response.p99Ms)}</td>
    </tr>`;
  return table(heads(['Run', 'Revision', 'Seed', 'Requests', 'per second', 'Failed', 'p50', 'p95', 'p99']), [
    ...sets.baseline.map(row('baseline')),
    ...sets.candidate.map(row('candidate')),
  ]);
}
