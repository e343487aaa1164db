// report.html: one file that opens offline; the verdict first, then why, then everything it rests on.

import { LatencyHistogram } from '../../engine/latency-histogram.js';
import type { Second } from '../../engine/timeline.js';
import { Schedule } from '../../profiles/schedule.js';
import type { Report } from '../run.js';
import { assets } from './assets.js';
import { html, inlineJson, trusted } from './markup.js';
import * as sections from './sections.js';

/** More points than pixels help nobody; a long run is drawn in steps of several seconds. */
const maxPoints = 1200;

export const htmlReport: Report = ({ record, seconds }) => {
  const { profile, startedAt } = record;
  const scheduledMs = new Schedule(profile.stages).durationMs;
  // Waiting for the last answers is no second like the others: the lines would seem to fall.
  const isScheduled = ({ second }: Second) => (second + 1) * 1000 <= scheduledMs;
  const title = `Load test ${profile.name}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${startedAt.slice(0, 16).replace('T', ' ')}</title>
        <style>
          ${trusted(assets.style())}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${sections.subtitle(record)} ${sections.verdict(record)} ${sections.tiles(record)}
          ${sections.generator(record)} ${sections.thresholds(record)} ${sections.overTime()}
          ${sections.endpoints(record)} ${sections.errors(record)} ${sections.stages(record)}
          ${sections.timings(record)} ${sections.checks(record)} ${sections.configuration(record)}
          <footer>
            Latencies are service times from the first byte sent to the last received, in HDR histograms of
            microseconds; time-outs count at their full length, lost and refused requests as failures without
            a latency.
          </footer>
        </main>
        <script type="application/json" id="data">
          ${inlineJson(chartData(seconds.filter(isScheduled)))}
        </script>
        <script>
          ${trusted(assets.charts())};
          charts.drawAll(JSON.parse(document.getElementById('data').textContent), ${profile.warmupMs / 1000});
        </script>
      </body>
    </html> `;
  return page.text;
};

/** Columns for the charts. Percentiles of several seconds come from their merged histograms; without an answer there is a gap. */
function chartData(seconds: readonly Second[]): Record<string, (number | null)[]> {
  const step = Math.max(1, Math.ceil(seconds.length / maxPoints));
  const groups = Array.from({ length: Math.ceil(seconds.length / step) }, (_, index) =>
    seconds.slice(index * step, (index + 1) * step),
  );
  const histograms = groups.map(merged);
  const column = (value: (group: readonly Second[]) => number) => groups.map((group) => round(value(group)));
  const mean = (key: 'requests' | 'failed' | 'users') =>
    column((group) => group.reduce((sum, second) => sum + second[key], 0) / group.length);
  const percentile = (percent: number) =>
    histograms.map((histogram) => (histogram.count === 0 ? null : round(histogram.percentileMs(percent))));
  return {
    second: column((group) => group[0]?.second ?? 0),
    users: mean('users'),
    requests: mean('requests'),
    failed: mean('failed'),
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    loopDelayP99Ms: column((group) => Math.max(...group.map((second) => second.loopDelayP99Ms))),
  };
}

const round = (value: number): number => Number(value.toFixed(3));

function merged(group: readonly Second[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const { hdr } of group) all.add(LatencyHistogram.decode(hdr));
  return all;
}
