// What users felt at each endpoint: one table of all, and for each endpoint a part of its own to open.

import type { EndpointFigures, RunRecord } from '../../../analysis/record.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../format.js';
import { html, type Content, type Markup } from '../markup.js';
import { card, chart, definitions, heads, share, table } from './elements.js';
import { ranges } from './ranges.js';

const columns = [
  'endpoint',
  'requests',
  'per second',
  'failed',
  'median',
  'p90',
  'p95',
  'p99',
  'max',
  'response p95',
];

export function endpoints({ endpoints: all, total }: RunRecord): Markup {
  const widest = Math.max(...all.map((one) => one.latency.p95Ms), 0.001);
  const rows = all.map((one) =>
    row(one, {
      name: html`<a href="#endpoint-${one.name}">${one.name}</a><br /><small
          >${one.method} ${one.path}</small
        >`,
      bar: html`<span
        class="bar"
        style="width:${Math.max(2, Math.round((one.latency.p95Ms / widest) * 60))}px"
      ></span>`,
      className: '',
    }),
  );
  const last = row(total, { name: 'All together', bar: undefined, className: 'total' });
  return card('endpoints', 'Endpoints', table(heads(columns), [...rows, last]));
}

interface RowLook {
  readonly name: Content;
  readonly bar: Content;
  readonly className: string;
}

const row = (one: EndpointFigures, { name, bar, className }: RowLook): Markup =>
  html`<tr class="${className}">
    <td>${name}</td>
    <td>${formatCount(one.requests)}</td>
    <td>${formatCount(one.requestsPerSecond, 1)}</td>
    <td class="${one.failed > 0 ? 'bad' : ''}">
      ${one.failed === 0 ? '0' : `${one.failed} (${formatPercent(share(one.failed, one.requests))})`}
    </td>
    <td>${formatMs(one.latency.medianMs)}</td>
    <td>${formatMs(one.latency.p90Ms)}</td>
    <td>${bar}${formatMs(one.latency.p95Ms)}</td>
    <td>${formatMs(one.latency.p99Ms)}</td>
    <td>${formatMs(one.latency.maxMs)}</td>
    <td>${formatMs(one.response.p95Ms)}</td>
  </tr>`;

export function eachEndpoint({ endpoints: all, errors }: RunRecord): Markup {
  const parts = all.map((one) => {
    const own = errors.filter(({ endpoint }) => endpoint === one.name);
    const facts: [string, Content][] = [
      ['Requests', `${formatCount(one.requests)}, ${formatCount(one.requestsPerSecond, 1)} per second`],
      ['Failed', failures(one, own)],
      ['Service time', percentiles(one.latency)],
      ['Response time', percentiles(one.response)],
      ['Answer', `${formatBytes(one.bytesReceived / Math.max(1, one.requests))} on average`],
    ];
    return html`<details class="endpoint" id="endpoint-${one.name}">
      <summary>${one.name} <small>${one.method} ${one.path}</small></summary>
      ${definitions(facts)} ${ranges(one)}
      <div class="pair">
        <div>${chart('Requests and failures per second', `endpoint:${one.name}:load`)}</div>
        <div>${chart('Service time of each second', `endpoint:${one.name}:latency`)}</div>
        <div>${chart('Percentiles', `endpoint:${one.name}:spectrum`)}</div>
        <div>${chart('p95 against requests per second of all', `endpoint:${one.name}:cloud`)}</div>
      </div>
    </details>`;
  });
  return card('each-endpoint', 'Each endpoint', parts);
}

function failures(one: EndpointFigures, errors: RunRecord['errors']): string {
  if (one.failed === 0) return 'none';
  const reasons = errors.map(({ reason, count }) => `${reason} (${formatCount(count)})`);
  return `${formatCount(one.failed)} (${formatPercent(share(one.failed, one.requests))}): ${reasons.join(', ')}`;
}

const percentiles = ({ medianMs, p95Ms, p99Ms, p999Ms, maxMs }: EndpointFigures['latency']): string =>
  `median ${formatMs(medianMs)}, p95 ${formatMs(p95Ms)}, p99 ${formatMs(p99Ms)}, p99.9 ${formatMs(p999Ms)}, max ${formatMs(maxMs)}`;
