// How many answers were quick, slow or wrong: a bar and the counts behind it.

import type { EndpointFigures } from '../../../analysis/record.js';
import { LatencyHistogram } from '../../../engine/latency-histogram.js';
import { formatCount, formatPercent } from '../../format.js';
import { html, type Markup } from '../markup.js';
import { share } from './elements.js';

/** Gatling's 800 and 1200 ms, and finer steps below, where a cached answer lies. */
const boundsMs = [50, 200, 800, 1200] as const;

interface Range {
  readonly label: string;
  readonly className: string;
  readonly count: number;
}

function rangesOf({ response, requests, failed }: EndpointFigures): Range[] {
  const felt = LatencyHistogram.decode(response.hdr);
  let below = 0;
  const timed = [...boundsMs, Infinity].map((bound, index) => {
    const upTo = felt.countUpToMs(bound);
    const count = upTo - below;
    below = upTo;
    const from = boundsMs[index - 1];
    const label =
      from === undefined
        ? `up to ${bound} ms`
        : bound === Infinity
          ? `over ${from} ms`
          : `${from}–${bound} ms`;
    return { label, className: `range-${index + 1}`, count };
  });
  const untimed = requests - felt.count;
  return [...timed, ...(failed > 0 ? [{ label: 'no answer', className: 'range-bad', count: untimed }] : [])];
}

/** By response time; failures with an answer are in their range as well, since users waited for them. */
export function ranges(one: EndpointFigures): Markup {
  const all = rangesOf(one);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const bars = all
    .filter(({ count }) => count > 0)
    .map(
      ({ label, className, count }) =>
        html`<i
          class="${className}"
          style="width:${(share(count, total) * 100).toFixed(3)}%"
          title="${label}"
        ></i>`,
    );
  const legend = all.map(
    ({ label, className, count }) =>
      html`<span
        ><i class="swatch ${className}"></i>${label}: ${formatCount(count)}
        <small>(${formatPercent(share(count, total))})</small></span
      >`,
  );
  return html`<div class="stacked" role="img" aria-label="Shares of response times">${bars}</div>
    <p class="contents">${legend}</p>`;
}
