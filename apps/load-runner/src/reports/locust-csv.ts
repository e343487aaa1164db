// Locust's four CSV files, column for column, for the spreadsheets and scripts that read those.

import type { EndpointFigures, RunRecord } from '../analysis/record.js';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Second } from '../engine/timeline.js';
import type { Run } from './run.js';

const percentiles = [50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100];
const percentileColumns = percentiles.map((percentile) => `${percentile}%`);

type Cell = string | number;

const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => row.map(cell).join(',')).join('\n') + '\n';

/** RFC 4180; a leading apostrophe keeps spreadsheets from running a text as a formula. */
function cell(value: Cell): string {
  if (typeof value === 'number') return String(Number(value.toFixed(3)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const requestColumns = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
];

/** What is needed of a run; there is enough of it while it goes on. */
interface RunTables {
  readonly record: Pick<RunRecord, 'startedAt' | 'total' | 'endpoints' | 'errors'>;
  readonly seconds: readonly Second[];
}

export const locustStats = ({ record }: Pick<RunTables, 'record'>): string =>
  csv([
    [
      ...requestColumns,
      'Min Response Time',
      'Max Response Time',
      'Average Content Size',
      'Requests/s',
      'Failures/s',
      ...percentileColumns,
    ],
    ...[...record.endpoints, record.total].map(statsRow),
  ]);

function statsRow(one: EndpointFigures): Cell[] {
  const { latency } = one;
  const histogram = LatencyHistogram.decode(latency.hdr);
  return [
    one.method,
    one.path || one.name,
    one.requests,
    one.failed,
    latency.medianMs,
    latency.meanMs,
    latency.minMs,
    latency.maxMs,
    one.requests === 0 ? 0 : one.bytesReceived / one.requests,
    one.requestsPerSecond,
    one.failuresPerSecond,
    ...percentiles.map((percentile) =>
      percentile === 100 ? latency.maxMs : histogram.percentileMs(percentile),
    ),
  ];
}

export function locustHistory({ record, seconds }: RunTables): string {
  const startedAtSeconds = Math.floor(Date.parse(record.startedAt) / 1000);
  const soFar = new LatencyHistogram();
  let requests = 0;
  let failed = 0;
  let bytes = 0;
  const rows = seconds.map((second) => {
    const histogram = LatencyHistogram.decode(second.hdr);
    soFar.add(histogram);
    requests += second.requests;
    failed += second.failed;
    bytes += second.bytesReceived;
    return [
      startedAtSeconds + second.second + 1,
      second.users,
      '',
      'Aggregated',
      second.requests,
      second.failed,
      ...percentiles.map((percentile) =>
        percentile === 100 ? second.maxMs : histogram.percentileMs(percentile),
      ),
      requests,
      failed,
      soFar.percentileMs(50),
      soFar.meanMs(),
      soFar.minMs(),
      soFar.maxMs(),
      requests === 0 ? 0 : bytes / requests,
    ];
  });
  const totals = [
    'Total Request Count',
    'Total Failure Count',
    'Total Median Response Time',
    'Total Average Response Time',
  ];
  const more = ['Total Min Response Time', 'Total Max Response Time', 'Total Average Content Size'];
  const first = ['Timestamp', 'User Count', 'Type', 'Name', 'Requests/s', 'Failures/s'];
  return csv([[...first, ...percentileColumns, ...totals, ...more], ...rows]);
}

export function locustFailures({ record }: Pick<RunTables, 'record'>): string {
  const startedAtMs = Date.parse(record.startedAt);
  const seen = (second: number) => new Date(startedAtMs + second * 1000).toISOString();
  return csv([
    ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'],
    ...record.errors.map(({ method, path, reason, count, firstSecond, lastSecond }) => [
      method,
      path,
      reason,
      count,
      seen(firstSecond),
      seen(lastSecond),
    ]),
  ]);
}

/** Locust lists exceptions of the test script here; our journeys' are failures of a request, so there is only the header. */
export const locustExceptions = (): string => csv([['Count', 'Message', 'Traceback', 'Nodes']]);

export const locustFiles: Readonly<Record<string, (run: Run) => string>> = {
  stats: locustStats,
  stats_history: locustHistory,
  failures: locustFailures,
  exceptions: locustExceptions,
};
