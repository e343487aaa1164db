// The page's own style and scripts, and uPlot: read once, put into the page, so that it opens anywhere without a network.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const own = (name: string): string =>
  readFileSync(new URL(`../../../assets/${name}`, import.meta.url), 'utf8');
const ofUPlot = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

export const assets = {
  comparisonStyle: () => own('comparison.css'),
  style: () => `${ofUPlot('uPlot.min.css')}\n${own('look.css')}`,
  charts: () => `${ofUPlot('uPlot.iife.min.js')}\n${own('charts.js')}`,
  reportCharts: () => own('report-charts.js'),
  livePage: () => own('live.html'),
  liveStyle: () => own('live.css'),
  liveScript: (name: string) => own(`${name}.js`),
} as const;
