// One run from start to report folder, as command line and live page both do it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from './analysis/analyse.js';
import { LampChanges } from './analysis/lamp-changes.js';
import { describeMachine, gitRevision } from './analysis/machine.js';
import { ThresholdWatch } from './analysis/threshold-watch.js';
import { unknownEndpoints } from './analysis/thresholds.js';
import type { LiveThreshold } from './analysis/watched-threshold.js';
import { ConfigError, folders } from './config.js';
import type { CompanionResult } from './companion.js';
import { companionsOf, type Companions } from './companions.js';
import { parseTarget, startRun, type Measurement, type RunningLoad, type RunPlan } from './engine/run.js';
import { waitUntilReady, type ReadinessOptions } from './engine/readiness.js';
import type { Second } from './engine/timeline.js';
import type { RunRequest } from './run-request.js';
import { claimFolder, runId, writeRun } from './reports/run-folder.js';
import type { Run } from './reports/run.js';
import { discoverCatalogue } from './users/catalogue.js';
import { endpoints } from './users/endpoint.js';

export interface FinishedRun {
  readonly run: Run;
  readonly folder: string;
}

/** Refuses what can be refused before a request is sent. */
export function checkRequest({ profile, baseUrl, trace }: RunRequest): void {
  parseTarget(baseUrl);
  if (trace && profile.model === 'flood')
    throw new ConfigError(
      `--trace-sample: profile ${profile.name} is a flood, whose requests are all the same bytes; no trace context fits in`,
    );
  const complaints = unknownEndpoints({ ...profile.thresholds, ...profile.search?.slo }, endpoints);
  if (complaints.length > 0) throw new ConfigError(`profile ${profile.name}: ${complaints.join('\n')}`);
}

export interface PerformOptions {
  readonly readiness?: ReadinessOptions;
  /** The load has begun. */
  readonly onStarted?: (running: RunningLoad) => void;
  /** With what companions are at. */
  readonly onSecond?: (second: Second, doing: readonly string[]) => void;
  /** After each second: how every threshold stands. */
  readonly onLamps?: (lamps: readonly LiveThreshold[]) => void;
  /** Something happened that is worth a line. */
  readonly onNote?: (note: string) => void;
  /** Aborting it before the load has begun gives the run up. */
  readonly signal?: AbortSignal;
  readonly resultsFolder?: string;
}

/** Waits for the target, learns what it offers, applies the load with everything that goes along, and writes the folder. */
export async function perform(request: RunRequest, options: PerformOptions = {}): Promise<FinishedRun> {
  const { readiness, onStarted, signal, resultsFolder = folders.results } = options;
  claimFolder(resultsFolder);
  await waitUntilReady(request.baseUrl, readiness);
  const catalogue = await discoverCatalogue(request.baseUrl);
  const companions = companionsOf(request, (note) => options.onNote?.(note));
  try {
    await companions.prepare();
    signal?.throwIfAborted();
    refuseLateStart(request);
    const { running, watch } = start({ ...request, catalogue }, companions, options);
    companions.started(running);
    onStarted?.(running);
    const measurement = await running.finished;
    const { findings, system } = await companions.finish(measurement);
    const finished = await record(request, measurement, { findings, system, watch, resultsFolder });
    await companions.recorded(finished.run, finished.folder);
    return finished;
  } finally {
    await companions.close();
  }
}

/** The load, and everybody who is told of its seconds: first the thresholds, then what goes along, then who watches. */
function start(
  plan: RunPlan,
  companions: Companions,
  { onSecond, onLamps, onNote }: PerformOptions,
): { running: RunningLoad; watch: ThresholdWatch } {
  const changes = new LampChanges();
  const watch = new ThresholdWatch(plan.profile, (reason) => running.stop(reason));
  const running = startRun(plan, (second, deltas) => {
    watch.second(second, deltas, running.timeline);
    companions.second(second, deltas);
    onLamps?.(watch.lamps);
    onSecond?.(second, companions.doing);
    for (const note of changes.second(second.second + 1, watch.lamps)) onNote?.(note);
  });
  return { running, watch };
}

interface Found extends Required<CompanionResult> {
  readonly watch: ThresholdWatch;
  readonly resultsFolder: string;
}

async function record(
  request: RunRequest,
  measurement: Measurement,
  { findings, system, watch, resultsFolder }: Found,
): Promise<FinishedRun> {
  const id = freeId(resultsFolder, runId(measurement.startedAt, runName(request)));
  const git = await gitRevision(folders.workspace);
  const { tags, shard } = request;
  const circumstances = { id, tags, git, machine: describeMachine(), ...(shard && { shard }) };
  const run = {
    record: analyse(measurement, circumstances, findings, watch),
    seconds: measurement.timeline.seconds,
    system,
  };
  const folder = join(resultsFolder, id);
  writeRun(folder, run);
  return { run, folder };
}

/** A part that joins late would offer less than its share, and nobody could see it in the merged figures. */
function refuseLateStart({ startAtEpochMs }: RunRequest): void {
  const lateMs = startAtEpochMs === undefined ? 0 : Date.now() - startAtEpochMs;
  if (lateMs > 0) {
    throw new ConfigError(
      `--start-at was ${lateMs} ms ago when the target was ready: leave more time for the start`,
    );
  }
}

/** All parts of a run begin in the same second, and may write to the same place. */
const runName = ({ profile, shard }: RunRequest): string =>
  shard ? `${profile.name}-shard-${shard.index}-of-${shard.of}` : profile.name;

/** Two runs of a profile may start in the same second. */
function freeId(resultsFolder: string, id: string): string {
  let candidate = id;
  for (let count = 2; existsSync(join(resultsFolder, candidate)); count++) candidate = `${id}-${count}`;
  return candidate;
}

/** One thread drives far more than two cores can serve beside it; from eight cores on, every fourth may generate. */
export const defaultWorkers = (cores: number): number => Math.max(1, Math.min(4, Math.floor(cores / 4)));
