// What went wrong, and what was looked at to find out.

import type { RunRecord } from '../../../analysis/record.js';
import { formatDuration } from '../../../profiles/duration.js';
import { formatCount, formatMs } from '../../format.js';
import { html, type Markup } from '../markup.js';
import { card, heads, table } from './elements.js';

export function errors({ errors: all }: RunRecord): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(
    ({ method, path, reason, count, firstSecond, lastSecond }) =>
      html`<tr>
        <td>${method} ${path}</td>
        <td class="text wrap">${reason}</td>
        <td>${formatCount(count)}</td>
        <td>${formatDuration(firstSecond * 1000)}</td>
        <td>${formatDuration(lastSecond * 1000)}</td>
      </tr>`,
  );
  return card(
    'failures',
    'Failures',
    table(
      html`<th>endpoint</th>
        <th class="text">reason</th>
        <th>count</th>
        <th>first</th>
        <th>last</th>`,
      rows,
    ),
  );
}

export function checks({ checks: all }: RunRecord): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(
    ({ name, passes, fails }) =>
      html`<tr>
        <td class="wrap">${name}</td>
        <td>${formatCount(passes)}</td>
        <td class="${fails > 0 ? 'bad' : ''}">${formatCount(fails)}</td>
      </tr>`,
  );
  return card('checks', 'Checks on what the answers mean', table(heads(['check', 'passed', 'failed']), rows));
}

/** What was looked at after the load: did the system keep what it had promised? */
export function audit({ audit: all }: RunRecord): Markup | undefined {
  if (!all) return undefined;
  const rows = all.map(
    ({ name, examined, violations, examples }) =>
      html`<tr>
        <td class="wrap">
          ${name}${examples.map((example) => html`<br /><small class="bad">${example}</small>`)}
        </td>
        <td>${formatCount(examined)}</td>
        <td class="${violations > 0 ? 'bad' : ''}">${formatCount(violations)}</td>
      </tr>`,
  );
  return card('audit', 'Audit after the run', table(heads(['promise', 'examined', 'broken']), rows));
}

export function faults({ faults: all }: RunRecord): Markup | undefined {
  if (!all || all.length === 0) return undefined;
  const rows = all.map(
    ({ atSecond, part, action, forMs, errors: classes, goodputLost, p95Ms, recoverySeconds, ok, verdict }) =>
      html`<tr>
        <td>
          ${action} ${part}<br /><small
            >at ${formatDuration(atSecond * 1000)} for ${formatDuration(forMs)}</small
          >
        </td>
        <td class="text wrap">
          ${
            Object.entries(classes)
              .map(([reason, count]) => `${formatCount(count)} × ${reason}`)
              .join(', ') || 'none'
          }
        </td>
        <td>${formatCount(goodputLost)}</td>
        <td>${formatMs(p95Ms)}</td>
        <td>${recoverySeconds === null ? 'never' : `${recoverySeconds} s`}</td>
        <td class="text wrap ${ok ? 'good' : 'bad'}">${ok ? '✓' : '✗'} ${verdict}</td>
      </tr>`,
  );
  const columns = [
    html`<th>fault</th>`,
    html`<th class="text">errors</th>`,
    ...heads(['answers lost', 'p95', 'recovered']),
    html`<th class="text">verdict</th>`,
  ];
  return card('faults', 'Faults', table(columns, rows));
}
