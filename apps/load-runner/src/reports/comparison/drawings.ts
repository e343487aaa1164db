// The pictures of a comparison as SVG made here: they are there without JavaScript, and take the page's colours.

import type { RunRecord } from '../../analysis/record.js';
import { LatencyHistogram } from '../../engine/latency-histogram.js';
import { minShareEffect, type Row } from '../../analysis/comparison/row.js';
import { mean } from '../../analysis/comparison/bootstrap.js';
import { formatMs } from '../format.js';
import { html, type Markup } from '../html/markup.js';
import { formatValue } from './comparison-report.js';

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const px = (value: number): string => value.toFixed(1);

const forest = { width: 220, height: 22 };

/** Beyond four times or a quarter nobody needs to see how much. */
const widestReach = Math.log(4);

/** How far from "no difference" the ratios of a table reach, as a logarithm: they share one scale. */
export function reachOf(rows: readonly Row[], minEffect: number): number {
  const ratios = rows.filter(({ unit }) => unit !== 'share');
  const ends = ratios.flatMap(({ effect }) => [
    Math.abs(Math.log(effect.low)),
    Math.abs(Math.log(effect.high)),
  ]);
  return Math.min(widestReach, 1.05 * Math.max(4 * Math.log(1 + minEffect), ...ends));
}

/** The interval of one row around "no difference", with the band that does not matter. */
export function forestLine({ effect, unit, verdict }: Row, minEffect: number, ratioReach: number): Markup {
  const share = unit === 'share';
  const margin = share ? minShareEffect : Math.log(1 + minEffect);
  const reach = share ? Math.max(margin * 4, Math.abs(effect.low), Math.abs(effect.high)) * 1.05 : ratioReach;
  const x = (value: number) => {
    const position = share ? value : Math.log(value);
    return clamp(((position + reach) / (2 * reach)) * forest.width, 4, forest.width - 4);
  };
  const none = share ? 0 : 1;
  const band = (margin / reach) * forest.width;
  const middle = forest.height / 2;
  return html`<svg
    class="forest ${verdict}"
    viewBox="0 0 ${forest.width} ${forest.height}"
    width="${forest.width}"
    height="${forest.height}"
    role="img"
    aria-label="${formatInterval(effect.low, effect.high, share)}"
  >
    <rect
      class="band"
      x="${px(forest.width / 2 - band / 2)}"
      y="0"
      width="${px(band)}"
      height="${forest.height}"
    />
    <line class="none" x1="${px(x(none))}" x2="${px(x(none))}" y1="0" y2="${forest.height}" />
    <line
      class="interval"
      x1="${px(x(effect.low))}"
      x2="${px(x(effect.high))}"
      y1="${middle}"
      y2="${middle}"
    />
    <circle cx="${px(x(effect.estimate))}" cy="${middle}" r="4.5" />
  </svg>`;
}

const formatInterval = (low: number, high: number, share: boolean): string =>
  share
    ? `from ${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} percent of requests`
    : `from ${low.toFixed(3)} to ${high.toFixed(3)} times the baseline`;

const strip = { width: 320, height: 58 };

/** Each run a dot: whether a difference is of all runs or of one of them is seen at once. */
export function runDots({ baseline, candidate, unit, metric }: Row): Markup {
  const all = [...baseline, ...candidate];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (value: number) => 8 + (high > low ? (value - low) / (high - low) : 0.5) * (strip.width - 16);
  const dots = (values: readonly number[], set: string, y: number) =>
    values.map((value) => html`<circle class="${set}" cx="${px(x(value))}" cy="${y}" r="5" />`);
  const average = (values: readonly number[], set: string, y: number) =>
    html`<line
      class="${set}"
      x1="${px(x(mean(values)))}"
      x2="${px(x(mean(values)))}"
      y1="${y - 9}"
      y2="${y + 9}"
    />`;
  return html`<figure>
    <figcaption>${metric}</figcaption>
    <svg
      class="dots"
      viewBox="0 0 ${strip.width} ${strip.height}"
      role="img"
      aria-label="${metric} of each run"
    >
      ${average(baseline, 'baseline', 12)} ${dots(baseline, 'baseline', 12)}
      ${average(candidate, 'candidate', 34)} ${dots(candidate, 'candidate', 34)}
      <text x="2" y="55">${formatValue(low, unit)}</text>
      <text class="end" x="${strip.width - 2}" y="55">${formatValue(high, unit)}</text>
    </svg>
  </figure>`;
}

const curves = { width: 560, height: 320, left: 62, right: 14, top: 12, bottom: 30 };
/** Percentiles by their distance to 100 %, as HdrHistogram's own plots have it: the tail gets the room. */
const nines = [0, 50, 75, 90, 95, 99, 99.9] as const;
const curvePoints = Array.from({ length: 61 }, (_, index) => 100 * (1 - 10 ** (-3 * (index / 60))));

type Curve = readonly number[];

/** Latency by percentile: a thin line for each run, a thick one for the mean of each set. */
export function percentileCurves(
  baseline: readonly RunRecord[],
  candidate: readonly RunRecord[],
  kind: 'response' | 'latency',
): Markup {
  const curve = (run: RunRecord): Curve => {
    const histogram = LatencyHistogram.decode(run.total[kind].hdr);
    return curvePoints.map((percentile) => histogram.percentileMs(percentile));
  };
  const sets = { baseline: baseline.map(curve), candidate: candidate.map(curve) };
  const values = [...sets.baseline, ...sets.candidate].flat().filter((value) => value > 0);
  // Powers of ten apart, tails and medians share a picture only on a logarithmic axis.
  const [low, high] = [Math.log10(Math.min(...values) * 0.9), Math.log10(Math.max(...values) * 1.1)];
  const y = (ms: number) =>
    curves.height -
    curves.bottom -
    ((Math.log10(Math.max(ms, 10 ** low)) - low) / (high - low)) *
      (curves.height - curves.top - curves.bottom);
  const path = (points: Curve) =>
    points
      .map(
        (ms, index) => `${index === 0 ? 'M' : 'L'}${px(atPercentile(curvePoints[index] ?? 0))} ${px(y(ms))}`,
      )
      .join(' ');
  const lines = Object.entries(sets).map(([set, all]) => [
    ...all.map((points) => html`<path class="one ${set}" d="${path(points)}" />`),
    html`<path class="${set}" d="${path(meanCurve(all))}" />`,
  ]);
  return html`<svg
    class="curves"
    viewBox="0 0 ${curves.width} ${curves.height}"
    role="img"
    aria-label="Latency by percentile of both sets"
  >
    ${percentileAxis()} ${latencyTicks(low, high).map((ms) => latencyLine(ms, y(ms)))} ${lines}
  </svg>`;
}

const meanCurve = (all: readonly Curve[]): Curve =>
  curvePoints.map((_, index) => mean(all.map((points) => points[index] ?? 0)));

const atPercentile = (percentile: number): number =>
  curves.left + (-Math.log10(1 - percentile / 100) / 3) * (curves.width - curves.left - curves.right);

const percentileAxis = (): Markup[] =>
  nines.map((percentile) => {
    const x = px(atPercentile(percentile));
    return html`<line
        class="grid"
        x1="${x}"
        x2="${x}"
        y1="${curves.top}"
        y2="${curves.height - curves.bottom}"
      />
      <text
        class="${percentile === 0 ? '' : percentile > 99 ? 'end' : 'middle'}"
        x="${x}"
        y="${curves.height - 10}"
        >${percentile === 0 ? 'min' : `p${percentile}`}</text
      >`;
  });

function latencyLine(ms: number, y: number): Markup {
  return html`<line
      class="grid"
      x1="${curves.left}"
      x2="${curves.width - curves.right}"
      y1="${px(y)}"
      y2="${px(y)}"
    />
    <text class="end" x="${curves.left - 8}" y="${px(y + 4)}">${formatMs(ms)}</text>`;
}

/** 1, 2, 5, 10 and so on within the range of logarithms; from eight on only the powers of ten. */
function latencyTicks(low: number, high: number): number[] {
  const decades = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, index) => Math.floor(low) + index,
  );
  const ticks = (steps: readonly number[]) =>
    decades
      .flatMap((decade) => steps.map((step) => step * 10 ** decade))
      .filter((ms) => Math.log10(ms) >= low && Math.log10(ms) <= high);
  const fine = ticks([1, 2, 5]);
  return fine.length < 8 ? fine : ticks([1]);
}
