// One run from start to report folder, as command line and live page both do it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from './analysis/analyse.js';
import { describeMachine, gitRevision } from './analysis/machine.js';
import { unknownEndpoints } from './analysis/thresholds.js';
import { ConfigError, folders } from './config.js';
import { parseTarget, startRun, type RunningLoad } from './engine/run.js';
import { waitUntilReady, type ReadinessOptions } from './engine/readiness.js';
import type { Second } from './engine/timeline.js';
import type { Profile } from './profiles/schema.js';
import { runId, writeRun } from './reports/run-folder.js';
import type { Run } from './reports/run.js';
import { discoverCatalogue, type Catalogue } from './users/catalogue.js';
import { endpoints } from './users/endpoint.js';

export interface RunRequest {
  readonly profile: Profile;
  readonly baseUrl: string;
  readonly seed: number;
  readonly workers: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FinishedRun {
  readonly run: Run;
  readonly folder: string;
}

/** Refuses what can be refused before a request is sent. */
export function checkRequest({ profile, baseUrl }: RunRequest): void {
  parseTarget(baseUrl);
  const complaints = unknownEndpoints(
    profile.thresholds,
    endpoints.map(({ name }) => name),
  );
  if (complaints.length > 0) throw new ConfigError(`profile ${profile.name}: ${complaints.join('\n')}`);
}

/** Waits for the target and learns what it offers. */
export async function prepare({ baseUrl }: RunRequest, readiness: ReadinessOptions): Promise<Catalogue> {
  await waitUntilReady(baseUrl, readiness);
  return discoverCatalogue(baseUrl);
}

export function begin(
  request: RunRequest,
  catalogue: Catalogue,
  onSecond: (second: Second) => void,
): RunningLoad {
  return startRun({ ...request, catalogue }, onSecond);
}

export async function finish(
  request: RunRequest,
  running: RunningLoad,
  resultsFolder: string = folders.results,
): Promise<FinishedRun> {
  const measurement = await running.finished;
  const id = freeId(resultsFolder, runId(measurement.startedAt, request.profile.name));
  const git = await gitRevision(folders.workspace);
  const record = analyse(measurement, { id, tags: request.tags, git, machine: describeMachine() });
  const run = { record, seconds: measurement.timeline.seconds };
  const folder = join(resultsFolder, id);
  writeRun(folder, run);
  return { run, folder };
}

/** Two runs of a profile may start in the same second. */
function freeId(resultsFolder: string, id: string): string {
  let candidate = id;
  for (let count = 2; existsSync(join(resultsFolder, candidate)); count++) candidate = `${id}-${count}`;
  return candidate;
}

/** One thread drives far more than two cores can serve beside it; from eight cores on, every fourth may generate. */
export const defaultWorkers = (cores: number): number => Math.max(1, Math.min(4, Math.floor(cores / 4)));
