// The load over time and by stage: what was offered and felt, where the knee lies, and the laws it all has to obey.

import { littleTolerance } from '../../../analysis/little.js';
import type { RunRecord } from '../../../analysis/record.js';
import { formatDuration } from '../../../profiles/duration.js';
import { formatCount, formatMs, formatPercent } from '../../format.js';
import { html, type Markup } from '../markup.js';
import { card, chart, heads, table } from './elements.js';
import { ranges } from './ranges.js';

const open = ({ profile }: RunRecord): boolean => profile.model === 'open';

export const overTime = (record: RunRecord): Markup =>
  card('over-time', 'Over time', [
    chart('Users, requests and failures per second', 'load'),
    ...(open(record) ? [chart('Offered, sent and answered per second; queue', 'flow')] : []),
    chart('Service time: p50, p95, p99', 'latency'),
    chart('Response time, from when an answer was wanted, beside service time', 'response'),
    chart('Generator: delay of its event loop', 'generator'),
  ]);

export function distribution({ total }: RunRecord): Markup {
  return card('distribution', 'How long answers took', [
    ranges(total),
    html`<div class="pair">
      <div>${chart('Percentiles of service and response time', 'spectrum')}</div>
      <div>${chart('p95 of each second against requests per second', 'saturation')}</div>
    </div>`,
    html`<p>
      <small
        >Where both lines of the left picture part, requests waited to be sent. Points that rise steeply in
        the right one tell where the system is saturated; faint points are early, strong ones late.</small
      >
    </p>`,
  ]);
}

export function timings({ metrics }: RunRecord): Markup {
  const kinds: [string, string, string][] = [
    ['http_req_blocked', 'Blocked', 'waiting for a connection, opening included'],
    ['http_req_connecting', 'Connecting', 'TCP handshake; 0 on a kept connection'],
    ['http_req_sending', 'Sending', 'handing the request to the operating system'],
    ['http_req_waiting', 'Waiting', 'until the first byte of the answer'],
    ['http_req_receiving', 'Receiving', 'first to last byte'],
    ['http_req_duration', 'Service time', 'sending + waiting + receiving'],
    ['http_req_response', 'Response time', 'from when an answer was wanted to having it'],
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
  return card('timings', 'Where the time goes', table(heads(['', ...stats]), rows));
}

export function stages(record: RunRecord): Markup {
  const { stages: all, recoveries } = record;
  const rows = all.map((stage) => {
    const { little } = stage;
    const gap = little === null ? '–' : formatPercent(little.gap);
    const bad = little?.conclusive === true && little.gap > littleTolerance;
    return html`<tr>
      <td>${formatCount(stage.level)} ${open(record) ? 'requests/s' : 'users'}</td>
      <td>${formatDuration(stage.fromMs)} – ${formatDuration(stage.toMs)}</td>
      <td>${formatCount(stage.requestsPerSecond, 1)}</td>
      <td>${formatMs(stage.medianMs)}</td>
      <td>${formatMs(stage.p95Ms)}</td>
      <td>${formatMs(stage.p99Ms)}</td>
      <td>${formatMs(stage.responseP95Ms)}</td>
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
        Spike to ${spikeUsers}: p95 was ${formatMs(beforeP95Ms)} before, ${formatMs(spikeP95Ms)} during and
        ${formatMs(afterP95Ms)} after it (×${ratio.toFixed(2)});
        ${seconds === null ? 'it did not recover within the stage' : `it was back in ${seconds} s`}.
      </p>`,
  );
  const columns = heads([
    'stage',
    'time',
    'requests/s',
    'median',
    'p95',
    'p99',
    'response p95',
    'R',
    'Z',
    'gap',
  ]);
  const note = html`<p>
    <small
      >Steady part of each stage. R: from wanting an answer to having it, Z: thinking. Little’s law, users =
      requests/s · (R + Z), holds for any closed system: a gap above ${littleTolerance * 100} % means
      something was measured wrongly.</small
    >
  </p>`;
  return card('stages', 'Stages', [table(columns, rows), ...recovered, note]);
}

/** The steps of a search for the knee, in the order in which they were tried. */
export function knee({ knee: found }: RunRecord): Markup | undefined {
  if (!found) return undefined;
  const rows = found.steps.map(
    (step) =>
      html`<tr>
        <td>${formatCount(step.offeredPerSecond, 0)}/s</td>
        <td>${formatCount(step.achievedPerSecond, 1)}/s</td>
        <td>${formatMs(step.p95Ms)}</td>
        <td>${formatPercent(step.failedShare)}</td>
        <td class="text ${step.sustainable ? 'good' : 'bad'}">
          ${step.sustainable ? '✓ sustainable' : `✗ ${step.reason}`}
        </td>
      </tr>`,
  );
  const columns = [...heads(['offered', 'achieved', 'p95', 'failed']), html`<th class="text">verdict</th>`];
  return card('knee', 'Where it breaks', [html`<p><b>${found.explanation}</b></p>`, table(columns, rows)]);
}
