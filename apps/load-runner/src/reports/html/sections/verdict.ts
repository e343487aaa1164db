// What a reader wants first: did it pass, why, by which figures, and can the generator be believed.

import { loopDelayLimitMs } from '../../../analysis/generator-verdict.js';
import type { RunRecord } from '../../../analysis/record.js';
import { formatDuration } from '../../../profiles/duration.js';
import { formatCount, formatMs, formatPercent } from '../../format.js';
import { html, type Content, type Markup } from '../markup.js';
import { card, definitions, share, table } from './elements.js';

const titles = {
  passed: 'Passed',
  failed: 'Failed',
  interrupted: 'Interrupted',
  invalid: 'Invalid: the generator was the bottleneck',
} as const;

export function subtitle({ profile, startedAt, durationMs, baseUrl }: RunRecord): Markup {
  const when = `${startedAt.slice(0, 19).replace('T', ' ')} UTC`;
  const warmup =
    profile.warmupMs > 0 ? ` · first ${formatDuration(profile.warmupMs)} are warm-up and not counted` : '';
  return html`<p class="sub">
    ${when} · ${formatDuration(durationMs)} against ${baseUrl}${warmup}<br />${profile.description}
  </p>`;
}

export function verdict({ verdict: { outcome, reasons, exitCode } }: RunRecord): Markup {
  return html`<section class="card verdict ${outcome}">
    <strong>${titles[outcome]}</strong>
    <ul>
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    <small>exit code ${exitCode}</small>
  </section>`;
}

export function tiles({ total, metrics, checks }: RunRecord): Markup {
  const failedChecks = checks.reduce((sum, check) => sum + check.fails, 0);
  const allChecks = checks.reduce((sum, check) => sum + check.passes + check.fails, 0);
  const failedClass = total.failed > 0 ? 'bad' : 'good';
  const all: [string, Content][] = [
    ['Requests', formatCount(total.requests)],
    ['Requests/s', formatCount(total.requestsPerSecond, 1)],
    ['Failed', html`<i class="${failedClass}">${formatPercent(share(total.failed, total.requests))}</i>`],
    ['Median', formatMs(total.latency.medianMs)],
    ['p95', formatMs(total.latency.p95Ms)],
    ['p99', formatMs(total.latency.p99Ms)],
    ['Users, at most', formatCount(metrics['vus_max']?.values['value'] ?? 0)],
    ['Checks passed', formatPercent(1 - share(failedChecks, allChecks))],
  ];
  return html`<div class="tiles">
    ${all.map(([name, value]) => html`<div class="tile"><span>${name}</span><b>${value}</b></div>`)}
  </div>`;
}

export function generator({ generator: health }: RunRecord): Markup {
  const facts: [string, Content][] = [
    ['Workers', health.workers],
    [
      'Event loop late, at worst',
      html`${formatMs(health.loopDelayP99Ms)}
        <small>(a second above ${loopDelayLimitMs} ms is overloaded)</small>`,
    ],
    ['Event loop busy, on average', formatPercent(health.loopUtilization)],
    ['CPU', html`${health.cpu.toFixed(2)} cores`],
    ['Overloaded seconds', html`${health.overloadedSeconds} of ${health.measuredSeconds}`],
  ];
  return card(
    'generator',
    'Generator health',
    html`<p class="${health.valid ? 'good' : 'bad'}">${health.explanation}</p>
      ${definitions(facts)}`,
  );
}

export function thresholds({ thresholds: all }: RunRecord): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(
    ({ metric, condition, ok, actual }) =>
      html`<tr>
        <td class="text ${ok ? 'good' : 'bad'}">${ok ? '✓ held' : '✗ failed'}</td>
        <td class="text"><code>${metric}</code></td>
        <td class="text"><code>${condition}</code></td>
        <td>${actual === undefined ? 'no samples' : Number(actual.toPrecision(4))}</td>
      </tr>`,
  );
  return card(
    'thresholds',
    'Thresholds',
    table(
      html`<th></th>
        <th class="text">metric</th>
        <th class="text">condition</th>
        <th>measured</th>`,
      rows,
    ),
  );
}
