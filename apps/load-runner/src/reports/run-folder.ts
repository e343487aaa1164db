// A run on disk: a folder with its record, its time series, and every report made from them.

import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { SystemSecond } from '../analysis/findings.js';
import type { RunRecord } from '../analysis/record.js';
import type { Second } from '../engine/timeline.js';
import { htmlReport } from './html/report.js';
import { junit } from './junit.js';
import { k6Summary } from './k6-summary.js';
import { locustFiles } from './locust-csv.js';
import { markdown } from './markdown.js';
import type { Report, Run } from './run.js';
import { readLines, timeseries } from './timeseries.js';

const systemSeries: Report = ({ system }) => system.map((second) => `${JSON.stringify(second)}\n`).join('');

const runJson: Report = ({ record }) => `${JSON.stringify(record, null, 2)}\n`;

/** Adding a report is adding a line. */
const files: Readonly<Record<string, Report>> = {
  'run.json': runJson,
  'timeseries.ndjson': timeseries,
  'system.ndjson': systemSeries,
  'summary.json': k6Summary,
  'summary.md': markdown,
  'junit.xml': junit,
  'report.html': htmlReport,
  ...Object.fromEntries(Object.entries(locustFiles).map(([name, report]) => [`locust_${name}.csv`, report])),
};

/** `2026-11-22T10-15-00-smoke`: sorts by time, and is a legal name everywhere. */
export const runId = (startedAt: Date, profile: string): string =>
  `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}-${profile}`;

export function writeRun(folder: string, run: Run): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, report] of Object.entries(files)) writeFileSync(join(folder, name), report(run));
}

/** The folder is not one of a run; the message says what is missing. */
export class RunFolderError extends Error {
  override readonly name = 'RunFolderError';
}

export function readRun(folder: string): Run {
  const record = readRecord(folder);
  const system = existsSync(join(folder, 'system.ndjson'))
    ? readSeries<SystemSecond>(folder, 'system.ndjson')
    : [];
  return { record, seconds: readSeries<Second>(folder, 'timeseries.ndjson'), system };
}

function readSeries<T>(folder: string, name: string): T[] {
  const text = read(folder, name);
  try {
    return readLines<T>(text);
  } catch {
    throw new RunFolderError(
      `${join(folder, name)} has a line that is not JSON: it was not written to its end`,
    );
  }
}

/** What is known of a run without its time series. */
export const readRecord = (folder: string): RunRecord => parseRecord(read(folder, 'run.json'), folder);

function read(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    throw new RunFolderError(
      `${join(folder, name)} cannot be read; give the folder of a run, as under load-testing/results/`,
    );
  }
}

function parseRecord(text: string, folder: string): RunRecord {
  let record: Partial<RunRecord> | null;
  try {
    record = JSON.parse(text) as Partial<RunRecord> | null;
  } catch {
    throw new RunFolderError(`${join(folder, 'run.json')} is not JSON`);
  }
  if (record?.format !== 2)
    throw new RunFolderError(`${join(folder, 'run.json')} is not a record of format 2`);
  return record as RunRecord;
}

/** Nothing can be written there; said before the load, for a run whose report has no place is lost. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
}

/** Makes the folder where it is missing. Throws UnwritableError. */
export function claimFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UnwritableError(
      `nothing can be written to ${folder} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    );
  }
}

/** Makes sure of the place of a copy before there is anything to copy. Throws UnwritableError. */
export function claimExtra({ path }: ExtraOutput): void {
  claimFolder(dirname(resolve(path)));
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UnwritableError(`${path} is a folder; name a file`);
}

/** Where `--out` and `--html` want copies. */
export interface ExtraOutput {
  readonly kind: 'json' | 'csv' | 'ndjson' | 'html';
  readonly path: string;
}

export function writeExtra({ kind, path }: ExtraOutput, run: Run): string[] {
  const targets: [string, Report][] =
    kind === 'csv'
      ? Object.entries(locustFiles).map(([name, report]) => [`${path}_${name}.csv`, report])
      : [[path, { json: runJson, ndjson: timeseries, html: htmlReport }[kind]]];
  for (const [file, report] of targets) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, report(run));
  }
  return targets.map(([file]) => file);
}
