/** A snapshot as one file of HTML that opens anywhere without a network; assets/snapshot.js draws it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PanelData } from './panel-data.js';
import type { Snapshot } from './take-snapshot.js';

const require = createRequire(import.meta.url);

const own = (name: string): string => readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8');
const ofUPlot = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

/** `runbooks` is the address of docs/troubleshooting.md as seen from the page. */
export function snapshotPage({ options, sections }: Snapshot, runbooks: string): string {
  const data = {
    ...options,
    sections: sections.map((section) => ({
      ...section,
      rows: section.rows.map(({ title, panels }) => ({
        title,
        panels: panels.map((panel) => panelOnPage(panel, runbooks)),
      })),
    })),
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Dashboards</title>
<style>
${ofUPlot('uPlot.min.css')}
${own('snapshot.css')}
</style>
</head>
<body>
<main></main>
<script type="application/json" id="data">${inlineJson(data)}</script>
<script>
${ofUPlot('uPlot.iife.min.js')}
</script>
<script>
${own('snapshot.js')}
</script>
</body>
</html>
`;
}

function panelOnPage({ panel, lines, failures }: PanelData, runbooks: string): object {
  const { title, description, unit, kind = 'lines', alerts = [], runbook, elsewhere } = panel;
  return {
    ...{ title, description, unit, kind, alerts, failures, elsewhere },
    ...(runbook !== undefined && { runbook: `${runbooks}#${runbook}` }),
    lines: lines.map(({ label, values }) => ({ label, values: values.map(shortened) })),
  };
}

/** Six digits are more than anybody sees in a chart, and a third of the page. */
const shortened = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(6));

/** JSON that cannot end the script element that it stands in. */
const inlineJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
