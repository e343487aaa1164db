// What the system under test was doing meanwhile: who was busy, who waited, what grew, which statements cost most.

import type { RunRecord } from '../../../analysis/record.js';
import { formatDuration } from '../../../profiles/duration.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../format.js';
import { html, type Markup } from '../markup.js';
import type { SystemChart } from '../system-charts.js';
import { card, chart, heads, table } from './elements.js';

export function bottlenecks({ system }: RunRecord): Markup | undefined {
  if (!system || system.bottlenecks.length === 0) return undefined;
  const rows = system.bottlenecks.map(
    ({ resource, utilisation, saturatedAtSecond, signs }, index) =>
      html`<tr>
        <td>${index + 1}. ${resource}</td>
        <td>${formatPercent(utilisation)}</td>
        <td>${saturatedAtSecond === null ? 'never' : formatDuration(saturatedAtSecond * 1000)}</td>
        <td class="text wrap roomy">${signs.join(' ')}</td>
      </tr>`,
  );
  const columns = [...heads(['resource', 'busy', 'saturated at']), html`<th class="text">signs</th>`];
  const note = html`<p>
    <small
      >Ranked by utilisation, U = X · D (utilisation law). Saturated: 80 % busy in three of five
      seconds.</small
    >
  </p>`;
  return card('bottlenecks', 'What saturated first', [table(columns, rows), note]);
}

export function system({ system: found }: RunRecord, charts: readonly SystemChart[]): Markup | undefined {
  if (!found && charts.length === 0) return undefined;
  const rows = (found?.parts ?? []).map(
    (part) =>
      html`<tr>
        <td>${part.name}</td>
        <td>${part.cpuMean.toFixed(2)}</td>
        <td>${part.cpuMax.toFixed(2)}</td>
        <td>${formatMs(part.demandMs)}</td>
        <td>${formatBytes(part.rssBytesMax)}</td>
      </tr>`,
  );
  const missing = (found?.missing ?? []).map(
    (sentence) => html`<p class="warn"><small>${sentence}</small></p>`,
  );
  return card('system', 'The system under test', [
    rows.length > 0
      ? table(heads(['part', 'CPU, cores', 'busiest second', 'CPU a request', 'memory']), rows)
      : undefined,
    ...missing,
    ...charts.map(({ title }, index) => chart(title, `system:${index}`)),
  ]);
}

export function statements({ system: found }: RunRecord): Markup | undefined {
  if (!found || found.statements.length === 0) return undefined;
  const rows = found.statements.map(
    ({ database, query, calls, totalMs, meanMs, maxMs }) =>
      html`<tr>
        <td class="wrap roomy"><code>${query}</code><br /><small>${database}</small></td>
        <td>${formatCount(calls)}</td>
        <td>${formatMs(totalMs)}</td>
        <td class="${meanMs > slowStatementMs ? 'bad' : ''}">${formatMs(meanMs)}</td>
        <td>${formatMs(maxMs)}</td>
      </tr>`,
  );
  return card(
    'statements',
    'Costliest statements',
    table(heads(['statement', 'calls', 'in total', 'mean', 'max']), rows),
  );
}

/** What the requirements call a slow query. */
const slowStatementMs = 100;

export function leaks({ leaks: all }: RunRecord): Markup | undefined {
  if (!all) return undefined;
  const hourly = (share: number): string => `${share >= 0 ? '+' : ''}${formatPercent(share)}`;
  const rows = all.map(
    ({ part, metric, growthPerHour, low, high, leaking }) =>
      html`<tr>
        <td>${part} ${metric}</td>
        <td>${hourly(growthPerHour)}</td>
        <td>${hourly(low)} to ${hourly(high)}</td>
        <td class="text ${leaking ? 'bad' : 'good'}">${leaking ? '✗ leaks' : '✓ does not'}</td>
      </tr>`,
  );
  const columns = [...heads(['series', 'growth an hour', '95 % interval']), html`<th class="text"></th>`];
  return card('leaks', 'Does anything grow without end?', table(columns, rows));
}

export function sessions({ sessions: found }: RunRecord): Markup | undefined {
  if (!found) return undefined;
  const { wanted, liveBefore, liveAfter, used, redisBytes, redisBytesPerSession, generatorBytes } = found;
  return card(
    'sessions',
    'Sessions',
    html`<p>
      ${formatCount(liveBefore)} live sessions before the load, ${formatCount(liveAfter)} after it
      (${formatCount(wanted)} wanted); ${formatCount(used)} of them made requests. Redis holds them in
      ${formatBytes(redisBytes)}, ${formatCount(redisBytesPerSession)} bytes each; the generator took
      ${formatBytes(generatorBytes)} of memory.
    </p>`,
  );
}
