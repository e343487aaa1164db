// summary.json in the shape of k6's handleSummary, so that whatever reads k6's results reads ours.

import { createHash } from 'node:crypto';
import type { MetricFigures, RunRecord } from '../analysis/record.js';
import { conditionName } from '../analysis/verdict.js';
import type { Report } from './run.js';

const trendStats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'];

/** k6 names groups and checks by the MD5 of their path. */
const pathId = (path: string): string => createHash('md5').update(path).digest('hex');

export const k6Summary: Report = ({ record }) => {
  const summary = {
    root_group: {
      name: '',
      path: '',
      id: pathId(''),
      groups: [],
      checks: record.checks.map(({ name, passes, fails }) => {
        const path = `::${name}`;
        return { name, path, id: pathId(path), passes, fails };
      }),
    },
    options: { summaryTrendStats: trendStats, summaryTimeUnit: '', noColor: false },
    state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: record.durationMs },
    metrics: Object.fromEntries(
      Object.entries(record.metrics).map(([name, figures]) => [name, metric(record, name, figures)]),
    ),
    setup_data: null,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
};

function metric(record: RunRecord, name: string, { type, contains, values }: MetricFigures): object {
  const held = record.thresholds.filter((threshold) => threshold.metric === name);
  const thresholds = Object.fromEntries(held.map((one) => [conditionName(one), { ok: one.ok }]));
  return { type, contains, values, ...(held.length > 0 && { thresholds }) };
}
