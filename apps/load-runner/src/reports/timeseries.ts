// timeseries.ndjson: one line of JSON for each second of the run, warm-up included.

import type { Second } from '../engine/timeline.js';
import type { Report } from './run.js';

export const timeseries: Report = ({ record, seconds }) => {
  const startedAtMs = Date.parse(record.startedAt);
  return seconds
    .map((second) => {
      const time = new Date(startedAtMs + second.second * 1000).toISOString();
      return `${JSON.stringify({ time, run: record.id, tags: record.tags, ...second })}\n`;
    })
    .join('');
};

export function readTimeseries(text: string): Second[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Second);
}
