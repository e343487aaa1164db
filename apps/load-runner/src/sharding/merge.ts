// Several processes that played one load together become one run: their deltas are put through the same timeline and the
// same analysis as those of one process, so nothing is averaged and nothing is lost.

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { analyse } from '../analysis/analyse.js';
import type { AuditCheck, Findings } from '../analysis/findings.js';
import type { RunRecord } from '../analysis/record.js';
import { ThresholdWatch } from '../analysis/threshold-watch.js';
import type { Delta } from '../engine/delta.js';
import type { Measurement } from '../engine/run.js';
import { Timeline } from '../engine/timeline.js';
import type { Run } from '../reports/run.js';
import { readRun } from '../reports/run-folder.js';
import { deltaLogName, readDeltaLog } from './delta-log.js';

/** The folders are not the parts of one run; the message says what is wrong with them. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}

interface Part {
  readonly folder: string;
  readonly record: RunRecord;
  readonly system: Run['system'];
}

/**
 * Thresholds, verdict and generator health are judged anew, over all parts: a generator that was late in one of them makes
 * the whole void if it would have done so in one process.
 *
 * @param id of the merged run
 * @throws MergeError when a part is missing, given twice, or of another run
 */
export async function mergeRuns(id: string, runFolders: readonly string[]): Promise<Run> {
  const parts = runFolders.map((folder) => ({ folder, ...readRun(folder) })).sort(byIndex);
  const [first] = parts;
  if (!first) throw new MergeError('there is nothing to merge');
  parts.forEach((part, index) => check(part, index, first, parts.length));
  const { profile } = first.record;
  const workers = parts.reduce((sum, { record }) => sum + record.generator.workers, 0);
  const watch = new ThresholdWatch(profile);
  const timeline: Timeline = new Timeline(profile, workers, (second, deltas) =>
    watch.second(second, deltas, timeline),
  );
  await replay(parts, timeline);
  const measurement = measurementOf(parts, first.record, timeline, workers);
  const { tags, git, machine } = first.record;
  const record = analyse(measurement, { id, tags, git, machine }, findingsOf(parts), watch);
  return {
    record,
    seconds: timeline.seconds,
    system: parts.find((part) => part.system.length > 0)?.system ?? [],
  };
}

const byIndex = (a: Part, b: Part): number => (a.record.shard?.index ?? 0) - (b.record.shard?.index ?? 0);

function check({ folder, record }: Part, index: number, first: Part, count: number): void {
  const { shard } = record;
  const name = basename(folder);
  if (!shard || !existsSync(join(folder, deltaLogName))) {
    throw new MergeError(`${name} is not a part of a run: it was not made with --shard`);
  }
  if (shard.of !== count || shard.index !== index) {
    const wanted = first.record.shard?.of ?? count;
    throw new MergeError(
      `${count} parts were given, the run has ${wanted}: give each once (${name} is part ${shard.index} of ${shard.of})`,
    );
  }
  const differs = (['startedAt', 'seed', 'profile', 'trace'] as const).find(
    (key) => JSON.stringify(record[key]) !== JSON.stringify(first.record[key]),
  );
  const workers = record.generator.workers === first.record.generator.workers;
  if (differs !== undefined || !workers) {
    throw new MergeError(
      `${name} and ${basename(first.folder)} are of different runs: ${differs ?? 'the number of workers'} differs. ` +
        'Give all parts the same profile, --seed, --start-at, --workers and --trace-sample.',
    );
  }
}

/** All parts side by side, a second at a time, so that no more than a few seconds are in memory. */
async function replay(parts: readonly Part[], timeline: Timeline): Promise<void> {
  let playing = parts.map(({ folder, record }) => ({
    seconds: readDeltaLog(join(folder, deltaLogName)),
    firstWorker: (record.shard?.index ?? 0) * record.generator.workers,
    workers: record.generator.workers,
  }));
  while (playing.length > 0) {
    const more = await Promise.all(playing.map((log) => addSecond(log, timeline)));
    playing = playing.filter((_, index) => more[index]);
  }
}

interface PlayedLog {
  readonly seconds: AsyncGenerator<Delta[]>;
  readonly firstWorker: number;
  readonly workers: number;
}

/** False when the part has no more of them. */
async function addSecond(log: PlayedLog, timeline: Timeline): Promise<boolean> {
  const next = await log.seconds.next();
  if (next.done) workersDone(log, timeline);
  else for (const delta of next.value) timeline.add(delta);
  return !next.done;
}

function workersDone(
  log: { readonly firstWorker: number; readonly workers: number },
  timeline: Timeline,
): void {
  for (let worker = 0; worker < log.workers; worker++) timeline.workerDone(log.firstWorker + worker);
}

function measurementOf(
  parts: readonly Part[],
  { profile, baseUrl, seed, startedAt, trace }: RunRecord,
  timeline: Timeline,
  workers: number,
): Omit<Measurement, 'ledger'> {
  const catalogue = { courses: [], departments: [], levels: [], degrees: [] };
  return {
    plan: { profile, baseUrl, seed, workers, catalogue, ...(trace && { trace }) },
    startedAt: new Date(startedAt),
    // All began at the same moment; the last answer of the last part ends the run.
    measuredMs: Math.max(...parts.map(({ record }) => record.measuredMs)),
    interrupted: parts.some(({ record }) => record.verdict.outcome === 'interrupted'),
    stopped: null,
    timeline,
  };
}

/** All parts looked at the same system, so one account of it is enough; what each audited is its own. */
function findingsOf(parts: readonly Part[]): Findings {
  const records = parts.map(({ record }) => record);
  const { system, leaks, faults, knee, sessions, calibration } = Object.assign(
    {},
    ...records.toReversed(),
  ) as RunRecord;
  const audits = records.flatMap(({ audit }) => audit ?? []);
  return {
    ...(system && { system }),
    ...(leaks && { leaks }),
    ...(faults && { faults }),
    ...(knee && { knee }),
    ...(sessions && { sessions }),
    ...(calibration && { calibration }),
    ...(audits.length > 0 && { audit: addUp(audits) }),
  };
}

function addUp(audits: readonly AuditCheck[]): AuditCheck[] {
  const names = [...new Set(audits.map(({ name }) => name))];
  return names.map((name) => {
    const same = audits.filter((audit) => audit.name === name);
    const sum = (key: 'examined' | 'violations') => same.reduce((total, audit) => total + audit[key], 0);
    return {
      ...{ name, examined: sum('examined'), violations: sum('violations') },
      examples: same.flatMap(({ examples }) => examples).slice(0, 10),
      note: [...new Set(same.map(({ note }) => note))].join(' '),
    };
  });
}
