// The tables of the report, each from the record alone: they are there without JavaScript, too.

import { littleTolerance } from '../../analysis/little.js';
import type { EndpointFigures, RunRecord } from '../../analysis/record.js';
import { loopDelayLimitMs } from '../../analysis/generator-verdict.js';
import { formatDuration } from '../../profiles/duration.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../format.js';
import { html, type Content, type Markup } from './markup.js';

const titles = {
  passed: 'Passed',
  failed: 'Failed',
  interrupted: 'Interrupted',
  invalid: 'Invalid: the generator was the bottleneck',
} as const;

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const card = (title: string, body: Content): Markup =>
  html`<section class="card">
    <h2>${title}</h2>
    ${body}
  </section>`;

const table = (head: Content, rows: Content): Markup =>
  html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

const heads = (names: readonly string[]): Markup[] => names.map((name) => html`<th>${name}</th>`);

export function subtitle({ profile, startedAt, durationMs, baseUrl }: RunRecord): Markup {
  const when = `${startedAt.slice(0, 19).replace('T', ' ')} UTC`;
  const warmup =
    profile.warmupMs > 0 ? ` · first ${formatDuration(profile.warmupMs)} are warm-up and not counted` : '';
  return html`<p class="sub">
    ${when} · ${formatDuration(durationMs)} against ${baseUrl}${warmup}<br />${profile.description}
  </p>`;
}

/** Drawn by assets/charts.js. */
export const overTime = (): Markup =>
  card(
    'Over time',
    html`<h3>Users, requests and failures per second</h3>
      <div class="chart" data-chart="load"></div>
      <h3>Response time percentiles</h3>
      <div class="chart" data-chart="latency"></div>
      <h3>Generator: delay of its event loop</h3>
      <div class="chart" data-chart="generator"></div>`,
  );

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
    'Generator health',
    html`<p class="${health.valid ? 'good' : 'bad'}">${health.explanation}</p>
      ${definitions(facts)}`,
  );
}

export const definitions = (facts: readonly [string, Content][]): Markup =>
  html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

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

export function endpoints({ endpoints: all, total }: RunRecord): Markup {
  const widest = Math.max(...all.map((one) => one.latency.p95Ms), 0.001);
  const row = (one: EndpointFigures, name: Content, className: string): Markup => {
    const { latency } = one;
    const width = Math.max(2, Math.round((latency.p95Ms / widest) * 60));
    return html`<tr class="${className}">
      <td>${name}</td>
      <td>${formatCount(one.requests)}</td>
      <td>${formatCount(one.requestsPerSecond, 1)}</td>
      <td class="${one.failed > 0 ? 'bad' : ''}">
        ${one.failed === 0 ? '0' : `${one.failed} (${formatPercent(share(one.failed, one.requests))})`}
      </td>
      <td>${formatMs(latency.medianMs)}</td>
      <td>${formatMs(latency.p90Ms)}</td>
      <td>
        ${className === 'total' ? '' : html`<span class="bar" style="width:${width}px"></span>`}${formatMs(latency.p95Ms)}
      </td>
      <td>${formatMs(latency.p99Ms)}</td>
      <td>${formatMs(latency.maxMs)}</td>
    </tr>`;
  };
  const rows = all.map((one) =>
    row(one, html`${one.name}<br /><small>${one.method} ${one.path}</small>`, ''),
  );
  const columns = heads([
    'endpoint',
    'requests',
    'per second',
    'failed',
    'median',
    'p90',
    'p95',
    'p99',
    'max',
  ]);
  return card('Endpoints', table(columns, [...rows, row(total, 'All together', 'total')]));
}

export function timings({ metrics }: RunRecord): Markup {
  const kinds: [string, string, string][] = [
    ['http_req_blocked', 'Blocked', 'waiting for a connection, opening included'],
    ['http_req_connecting', 'Connecting', 'TCP handshake; 0 on a kept connection'],
    ['http_req_sending', 'Sending', 'handing the request to the operating system'],
    ['http_req_waiting', 'Waiting', 'until the first byte of the answer'],
    ['http_req_receiving', 'Receiving', 'first to last byte'],
    ['http_req_duration', 'Duration', 'sending + waiting + receiving'],
    ['iteration_duration', 'Journey', 'think times included'],
  ];
  const stats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
  const rows = kinds.map(
    ([metric, name, what]) =>
      html`<tr>
        <td>${name}<br /><small>${what}</small></td>
        ${stats.map((stat) => html`<td>${formatMs(metrics[metric]?.values[stat] ?? 0)}</td>`)}
      </tr>`,
  );
  return card('Where the time goes', table(heads(['', ...stats]), rows));
}

export function stages({ stages: all, recoveries, profile }: RunRecord): Markup {
  const rows = all.map((stage) => {
    const { little } = stage;
    const gap = little === null ? '–' : formatPercent(little.gap);
    const bad = little?.conclusive === true && little.gap > littleTolerance;
    return html`<tr>
      <td>${stage.level} ${profile.model === 'open' ? 'requests/s' : 'users'}</td>
      <td>${formatDuration(stage.fromMs)} – ${formatDuration(stage.toMs)}</td>
      <td>${formatCount(stage.requestsPerSecond, 1)}</td>
      <td>${formatMs(stage.medianMs)}</td>
      <td>${formatMs(stage.p95Ms)}</td>
      <td>${formatMs(stage.p99Ms)}</td>
      <td>${little ? formatMs(little.responseMs) : '–'}</td>
      <td>${little ? formatMs(little.thinkMs) : '–'}</td>
      <td class="${bad ? 'bad' : ''}">
        ${gap}${little && !little.conclusive ? html` <small>too short to tell</small>` : undefined}
      </td>
    </tr>`;
  });
  const recovered = recoveries.map(
    ({ spikeUsers, beforeP95Ms, spikeP95Ms, afterP95Ms, ratio, seconds }) =>
      html`<p>
        Spike to ${spikeUsers} users: p95 was ${formatMs(beforeP95Ms)} before, ${formatMs(spikeP95Ms)} during
        and ${formatMs(afterP95Ms)} after it (×${ratio.toFixed(2)});
        ${seconds === null ? 'it did not recover within the stage' : `it was back in ${seconds} s`}.
      </p>`,
  );
  const columns = heads(['stage', 'time', 'requests/s', 'median', 'p95', 'p99', 'R', 'Z', 'gap']);
  const note = html`<p>
    <small
      >Steady part of each stage. R: from wanting an answer to having it, Z: thinking. Little’s law, users =
      requests/s · (R + Z), holds for any closed system: a gap above ${littleTolerance * 100} % means
      something was measured wrongly.</small
    >
  </p>`;
  return card('Stages', [table(columns, rows), ...recovered, note]);
}

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
  return card('Checks on what the answers mean', table(heads(['check', 'passed', 'failed']), rows));
}

export function configuration({ profile, seed, tags, git, machine, baseUrl, total, id }: RunRecord): Markup {
  const revision = git ? `${git.revision}${git.dirty ? ' (with local changes)' : ''}` : 'unknown';
  const tagText = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const facts: [string, Content][] = [
    ['Run', id],
    ['Target', baseUrl],
    ['Seed', seed],
    ['Revision', revision],
    [
      'Machine',
      `${machine.cores} × ${machine.cpu}, ${formatBytes(machine.memoryBytes)}, ${machine.platform}, Node ${machine.node}`,
    ],
    ['Received, sent', `${formatBytes(total.bytesReceived)}, ${formatBytes(total.bytesSent)}`],
    ['Lost, timed out, refused', `${total.lost}, ${total.timeouts}, ${total.refused}`],
    ...(tagText.length > 0 ? ([['Tags', tagText.join(', ')]] as [string, Content][]) : []),
  ];
  return card(
    'Configuration',
    html`${definitions(facts)}
      <details>
        <summary>Profile as it was run</summary>
        <pre>${JSON.stringify(profile, null, 2)}</pre>
      </details>`,
  );
}
