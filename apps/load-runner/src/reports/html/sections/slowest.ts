// The slowest requests under the ids of their traces: what held them up is in the tracing system.

import type { RunRecord, SlowRequest } from '../../../analysis/record.js';
import { formatDuration } from '../../../profiles/duration.js';
import { formatMs, formatPercent } from '../../format.js';
import { outcomeOf, traceLink } from '../../slowest-requests.js';
import { html, type Markup } from '../markup.js';
import { card, heads, table } from './elements.js';

export function slowest(record: RunRecord): Markup | undefined {
  const { trace, slowest: all } = record;
  if (!trace || !all || all.length === 0) return undefined;
  const columns = [
    html`<th>request</th>`,
    ...heads(['response', 'service']),
    html`<th class="text">outcome</th>`,
    ...heads(['wanted at', 'stage']),
    html`<th class="text">trace</th>`,
  ];
  const note = html`<p>
    Every request carried a trace context, ${formatPercent(trace.sampleShare)} of them marked as sampled: a
    tracing system may not have kept the others.
  </p>`;
  return card('slowest', 'Slowest requests', [
    note,
    table(
      columns,
      all.map((one) => row(record, one)),
    ),
  ]);
}

function row(record: RunRecord, request: SlowRequest): Markup {
  const { method, path, endpoint, requestPath, responseMs, serviceMs, second, stage } = request;
  return html`<tr>
    <td class="wrap roomy">
      ${method} ${requestPath}<br /><small>${endpoint}${path === requestPath ? '' : `: ${path}`}</small>
    </td>
    <td>${formatMs(responseMs)}</td>
    <td>${formatMs(serviceMs)}</td>
    <td class="text">${outcomeOf(request)}</td>
    <td>${formatDuration(second * 1000)}</td>
    <td>${stage + 1}</td>
    <td class="text">${traceCell(record, request)}</td>
  </tr>`;
}

function traceCell(record: RunRecord, request: SlowRequest): Markup {
  const id = html`<code>${request.traceId}</code>`;
  const link = traceLink(record, request);
  if (link !== undefined) return html`<a href="${link}" rel="noopener">${id}</a>`;
  return request.sampled ? id : html`${id} <small>not sampled</small>`;
}
