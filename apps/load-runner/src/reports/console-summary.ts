// What the terminal shows at the end: k6's figures under k6's names, then what each endpoint did, then the verdict.

import type { MetricFigures } from '../analysis/record.js';
import { littleTolerance } from '../analysis/little.js';
import { describeThreshold } from '../analysis/verdict.js';
import { formatDuration } from '../profiles/duration.js';
import { findingsTables } from './findings-tables.js';
import { formatBytes, formatCount, formatMs, formatPercent } from './format.js';
import type { Report, Run } from './run.js';
import { alignedRows } from './text-table.js';

/** Up to where k6's dots go. */
const labelWidth = 32;

/** Every figure of a k6 summary, and below it what k6 does not count. */
const order = [
  'checks',
  'data_received',
  'data_sent',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_duration',
  'http_req_response',
  'http_req_failed',
  'http_req_receiving',
  'http_req_sending',
  'http_req_waiting',
  'http_reqs',
  'iteration_duration',
  'iterations',
  'vus',
  'vus_max',
];
const onlyWhenThere = [
  'dropped_requests',
  'http_req_lost',
  'http_req_timeouts',
  'http_req_refused',
  'http_req_resent',
  'http_req_censored',
  'logins_repeated',
  'plan_conflicts',
];

export const consoleSummary: Report = (run) =>
  [
    heading(run),
    checks(run),
    thresholds(run),
    metrics(run),
    endpoints(run),
    stages(run),
    ...findings(run),
    errors(run),
    outputs(run),
    verdict(run),
  ]
    .filter((part) => part !== '')
    .join('\n\n') + '\n';

function heading({ record }: Run): string {
  const { profile, baseUrl, seed, generator } = record;
  const warmup =
    profile.warmupMs > 0 ? `, of which ${formatDuration(profile.warmupMs)} warm-up is not counted` : '';
  return `  ${profile.name}: ${formatDuration(record.durationMs)} against ${baseUrl}${warmup}; seed ${seed}, ${generator.workers} worker(s)`;
}

function checks({ record }: Run): string {
  return record.checks
    .map(({ name, passes, fails }) =>
      fails === 0
        ? `     ✓ ${name}`
        : `     ✗ ${name}\n      ↳ ${formatPercent(passes / (passes + fails))} — ✓ ${passes} / ✗ ${fails}`,
    )
    .join('\n');
}

function thresholds({ record }: Run): string {
  if (record.thresholds.length === 0) return '';
  const lines = record.thresholds.map(
    (threshold) => `     ${threshold.ok ? '✓' : '✗'} ${describeThreshold(threshold)}`,
  );
  return ['  █ THRESHOLDS', ...lines].join('\n');
}

function metrics({ record }: Run): string {
  const lines = order.flatMap((name) => {
    const figures = record.metrics[name];
    if (!figures) return [];
    const tagged = Object.entries(record.metrics).filter(([label]) => label.startsWith(`${name}{`));
    return [
      line(name, figures, '     '),
      ...tagged.map(([label, sub]) =>
        line(label.slice(name.length).replace(/^\{(.*)\}$/, '{ $1 }'), sub, '       '),
      ),
    ];
  });
  const rare = onlyWhenThere.flatMap((name) => {
    const figures = record.metrics[name];
    return figures && (figures.values['count'] ?? 0) > 0 ? [line(name, figures, '     ')] : [];
  });
  return ['  █ TOTAL RESULTS', ...lines, ...rare].join('\n');
}

const line = (label: string, figures: MetricFigures, indent: string): string =>
  `${indent}${label.padEnd(labelWidth + 5 - indent.length, '.')}: ${describe(label, figures)}`;

function describe(label: string, { type, contains, values }: MetricFigures): string {
  const at = (key: string) => values[key] ?? 0;
  switch (type) {
    case 'trend':
      return ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']
        .map((key) => `${key}=${formatMs(at(key))}`.padEnd(13))
        .join(' ')
        .trimEnd();
    case 'rate':
      if (label === 'checks') return `${formatPercent(at('rate'))} ✓ ${at('passes')} ✗ ${at('fails')}`;
      return `${formatPercent(at('rate'))} ${at('passes')} out of ${at('passes') + at('fails')}`;
    case 'counter':
      if (contains === 'data') return `${formatBytes(at('count'))} ${formatBytes(at('rate'))}/s`;
      return `${formatCount(at('count'))} ${at('rate').toFixed(2)}/s`;
    case 'gauge':
      return `${at('value')} min=${at('min')} max=${at('max')}`;
  }
}

function endpoints({ record }: Run): string {
  const rows = record.endpoints.map(({ name, requests, requestsPerSecond, failed, latency }) => [
    name,
    formatCount(requests),
    requestsPerSecond.toFixed(1),
    failed === 0 ? '0' : `${failed} (${formatPercent(failed / requests)})`,
    formatMs(latency.medianMs),
    formatMs(latency.p95Ms),
    formatMs(latency.p99Ms),
    formatMs(latency.maxMs),
  ]);
  return [
    '  █ ENDPOINTS',
    ...columns([['name', 'requests', 'per s', 'failed', 'med', 'p95', 'p99', 'max'], ...rows]),
  ].join('\n');
}

const findings = ({ record }: Run): string[] =>
  findingsTables(record).map(({ title, head, rows }) =>
    [`  █ ${title.toUpperCase()}`, ...columns([head, ...rows])].join('\n'),
  );

/** Numbers to the right, the first column to the left; a last column of sentences, too. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const last = (rows[0]?.length ?? 0) - 1;
  const sentences = rows.some((row) => row[last]?.includes(' '));
  const isText = (column: number): boolean => column === 0 || (column === last && sentences);
  return alignedRows(rows, isText).map((row) => `     ${row}`);
}

function stages({ record }: Run): string {
  const rows = record.stages.map(({ level, seconds, requestsPerSecond, medianMs, p95Ms, p99Ms, little }) => [
    `${level} ${record.profile.model === 'open' ? 'req/s' : 'users'}`,
    `${seconds}s`,
    requestsPerSecond.toFixed(1),
    formatMs(medianMs),
    formatMs(p95Ms),
    formatMs(p99Ms),
    little ? `${formatPercent(little.gap)}${little.conclusive ? '' : ' (too short to tell)'}` : '-',
  ]);
  const recoveries = record.recoveries.map(
    ({ spikeUsers, beforeP95Ms, afterP95Ms, ratio, seconds }) =>
      `     after ${spikeUsers} users: p95 ${formatMs(afterP95Ms)} against ${formatMs(beforeP95Ms)} before (×${ratio.toFixed(2)}), ` +
      (seconds === null ? 'not recovered within the stage' : `recovered in ${seconds}s`),
  );
  const head = ['stage', 'steady', 'per s', 'med', 'p95', 'p99', 'gap to N=X(R+Z)'];
  return ['  █ STAGES', ...columns([head, ...rows]), ...recoveries].join('\n');
}

function errors({ record }: Run): string {
  if (record.errors.length === 0) return '';
  const rows = record.errors
    .slice(0, 15)
    .map(({ endpoint, reason, count }) => [endpoint, reason, formatCount(count)]);
  return ['  █ FAILURES', ...columns([['endpoint', 'reason', 'count'], ...rows])].join('\n');
}

function outputs({ record }: Run): string {
  const rows = (record.outputs ?? []).map(
    ({ kind, target, delivered, dropped, trouble }) =>
      `     ${dropped === 0 ? '✓' : '✗'} ${kind} ${target}: ${delivered} ${kind === 'prometheus' ? 'scrapes' : 'seconds'}` +
      (dropped > 0 ? `, ${dropped} given up` : '') +
      (trouble === null ? '' : ` (${trouble})`),
  );
  return rows.length === 0 ? '' : ['  █ OUTPUTS', ...rows].join('\n');
}

function verdict({ record }: Run): string {
  const { outcome, reasons, exitCode } = record.verdict;
  const gaps = record.stages.filter(({ little }) => little?.conclusive && little.gap > littleTolerance);
  const warning =
    gaps.length === 0
      ? []
      : [`     ! N=X(R+Z) does not hold in ${gaps.length} stage(s): something was measured wrongly.`];
  const generator = record.generator.valid ? [`     ${record.generator.explanation}`] : [];
  return [
    `  █ ${outcome.toUpperCase()} (exit code ${exitCode})`,
    ...reasons.map((reason) => `     ${reason}`),
    ...generator,
    ...warning,
  ].join('\n');
}
