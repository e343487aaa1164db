// report.html: one file that opens offline; the verdict first, then why, then everything it rests on.

import type { Report } from '../run.js';
import { assets } from './assets.js';
import { chartData } from './chart-data.js';
import { html, inlineJson, trusted, type Markup } from './markup.js';
import { configuration } from './sections/configuration.js';
import { eachEndpoint, endpoints } from './sections/endpoints.js';
import { audit, checks, errors, faults } from './sections/failures.js';
import { distribution, knee, overTime, stages, timings } from './sections/load.js';
import { bottlenecks, leaks, sessions, statements, system } from './sections/system.js';
import { slowest } from './sections/slowest.js';
import { generator, subtitle, thresholds, tiles, verdict } from './sections/verdict.js';

export const htmlReport: Report = (run) => {
  const { record } = run;
  const data = chartData(run);
  const title = `Load test ${record.profile.name}`;
  const sections: (Markup | undefined)[] = [
    ...[generator(record), thresholds(record), knee(record), faults(record), sessions(record)],
    ...[overTime(record), distribution(record), endpoints(record), errors(record), slowest(record)],
    ...[bottlenecks(record), system(record, data.system), statements(record), leaks(record)],
    ...[audit(record), stages(record), timings(record), checks(record)],
    ...[eachEndpoint(record), configuration(record)],
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · ${record.startedAt.slice(0, 16).replace('T', ' ')}</title>
        <style>
          ${trusted(assets.style())}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${subtitle(record)} ${verdict(record)} ${tiles(record)} ${sections}
          <footer>
            Service time: from the first byte sent to the last received. Response time: from when the answer
            was wanted, by the user or by the schedule of arrivals. Both are kept in HDR histograms of
            microseconds; time-outs count at their full length, lost and refused requests as failures without
            a latency.
          </footer>
        </main>
        <script type="application/json" id="data">
          ${inlineJson(data)}
        </script>
        <script>
          ${trusted(assets.charts())};
          ${trusted(assets.reportCharts())};
          const data = JSON.parse(document.getElementById('data').textContent);
          charts.drawAll(data, data.warmupSeconds);
          reportCharts.drawAll(data);
        </script>
      </body>
    </html> `;
  return page.text;
};
