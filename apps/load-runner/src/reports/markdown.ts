// summary.md: what belongs into a pull request.

import { describeThreshold } from '../analysis/verdict.js';
import { formatDuration } from '../profiles/duration.js';
import { findingsTables } from './findings-tables.js';
import { formatBytes, formatCount, formatMs, formatPercent } from './format.js';
import type { Report, Run } from './run.js';
import { outcomeOf, traceLink } from './slowest-requests.js';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');

/** A bar would end the cell, and a line break the table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*[\r\n]\s*/g, ' ');

const outcomes = {
  passed: '✅ passed',
  failed: '❌ failed',
  interrupted: '⏹ interrupted',
  invalid: '⚠️ invalid',
};

export const markdown: Report = (run) =>
  [
    heading(run),
    figures(run),
    thresholds(run),
    endpoints(run),
    errors(run),
    slowest(run),
    ...findings(run),
    conditions(run),
  ]
    .filter(Boolean)
    .join('\n\n') + '\n';

function heading({ record }: Run): string {
  const reasons = record.verdict.reasons.map((reason) => `- ${reason}`).join('\n');
  return `## Load test \`${record.profile.name}\`: ${outcomes[record.verdict.outcome]}\n\n${reasons}`;
}

function figures({ record }: Run): string {
  const { total } = record;
  const failed = total.requests === 0 ? 0 : total.failed / total.requests;
  return table(
    ['requests', 'requests/s', 'failed', 'median', 'p95', 'p99', 'max', 'received'],
    [
      [
        formatCount(total.requests),
        formatCount(total.requestsPerSecond, 1),
        formatPercent(failed),
        formatMs(total.latency.medianMs),
        formatMs(total.latency.p95Ms),
        formatMs(total.latency.p99Ms),
        formatMs(total.latency.maxMs),
        formatBytes(total.bytesReceived),
      ],
    ],
  );
}

function thresholds({ record }: Run): string {
  if (record.thresholds.length === 0) return '';
  const rows = record.thresholds.map((threshold) => [
    threshold.ok ? '✅' : '❌',
    describeThreshold(threshold),
  ]);
  return `### Thresholds\n\n${table(['', 'threshold'], rows)}`;
}

function endpoints({ record }: Run): string {
  const rows = record.endpoints.map(({ method, path, requests, failed, requestsPerSecond, latency }) => [
    `\`${method} ${path}\``,
    formatCount(requests),
    formatCount(requestsPerSecond, 1),
    formatCount(failed),
    formatMs(latency.medianMs),
    formatMs(latency.p95Ms),
    formatMs(latency.p99Ms),
  ]);
  return `### Endpoints\n\n${table(['endpoint', 'requests', 'per second', 'failed', 'median', 'p95', 'p99'], rows)}`;
}

function errors({ record }: Run): string {
  if (record.errors.length === 0) return '';
  const rows = record.errors
    .slice(0, 20)
    .map(({ method, path, reason, count }) => [`\`${method} ${path}\``, reason, formatCount(count)]);
  return `### Failures\n\n${table(['endpoint', 'reason', 'count'], rows)}`;
}

/** As many as somebody looks up; the rest is in the report. */
const shownSlowest = 5;

function slowest({ record }: Run): string {
  if (!record.slowest || record.slowest.length === 0) return '';
  const rows = record.slowest.slice(0, shownSlowest).map((request) => {
    const link = traceLink(record, request);
    const id = `\`${request.traceId}\``;
    return [
      `\`${request.method} ${request.requestPath}\``,
      formatMs(request.responseMs),
      outcomeOf(request),
      link === undefined ? `${id}${request.sampled ? '' : ' (not sampled)'}` : `[${id}](<${link}>)`,
    ];
  });
  return `### Slowest requests\n\n${table(['request', 'response', 'outcome', 'trace'], rows)}`;
}

const findings = ({ record }: Run): string[] =>
  findingsTables(record).map(({ title, head, rows }) => `### ${title}\n\n${table(head, rows)}`);

function conditions({ record }: Run): string {
  const { machine, git, seed, generator, profile } = record;
  const revision = git ? `${git.revision.slice(0, 12)}${git.dirty ? ' with local changes' : ''}` : 'unknown';
  return [
    `${formatDuration(record.durationMs)} against ${record.baseUrl}, seed ${seed}, revision ${revision}, model ${profile.model}.`,
    `${machine.cores} cores (${machine.cpu}), ${formatBytes(machine.memoryBytes)}, ${machine.platform}, Node ${machine.node}.`,
    generator.explanation,
  ].join('\n');
}
