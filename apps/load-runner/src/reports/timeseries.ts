// timeseries.ndjson: one line of JSON for each second of the run, warm-up included.

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

/** Reads newline-delimited JSON; the caller says what the lines are. */
export function readLines<T>(text: string): T[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T);
}
