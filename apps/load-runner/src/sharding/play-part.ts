// One process's part of a striped run, from meeting the others to the merged run.

import { basename, join } from 'node:path';
import { ConfigError } from '../config.js';
import type { FinishedRun } from '../perform.js';
import { Schedule } from '../profiles/schedule.js';
import { runId, writeRun } from '../reports/run-folder.js';
import type { RunRequest } from '../run-request.js';
import { Meeting } from './meeting.js';
import { mergeRuns } from './merge.js';

/** Images are pulled and nodes are added meanwhile. */
const meetingPatienceMs = 600_000;
/** After the load, until the slowest part has written its reports. */
const donePatienceMs = 120_000;

export interface Part {
  readonly shard: { readonly index: number; readonly of: number };
  /** Folder where the parts meet; without one all of them were given the same start and seed. */
  readonly meet?: string;
  readonly startAtEpochMs?: number;
}

/** Refuses what could not be merged later. */
export function checkPart({ meet, startAtEpochMs }: Part, seedWasGiven: boolean): void {
  if (meet !== undefined && startAtEpochMs !== undefined)
    throw new ConfigError('--meet agrees on a start: leave --start-at away');
  if (meet === undefined && (startAtEpochMs === undefined || !seedWasGiven))
    throw new ConfigError('--shard needs --meet, or else --start-at and --seed, the same for all parts');
}

/**
 * @param play performs the run that it is given
 * @returns the run of this part; of the first part, when they met, that of all parts merged
 */
export async function playPart(
  request: RunRequest,
  { shard, meet, startAtEpochMs }: Part,
  play: (request: RunRequest, resultsFolder?: string) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  if (meet === undefined)
    return play({ ...request, shard, ...(startAtEpochMs !== undefined && { startAtEpochMs }) });
  const meeting = new Meeting({ folder: meet, shard, patienceMs: meetingPatienceMs });
  const agreed = await meeting.agree(request.seed);
  const finished = await play({ ...request, shard, ...agreed }, meet);
  meeting.done(basename(finished.folder));
  if (shard.index > 0) return finished;
  const { durationMs } = new Schedule(request.profile.stages);
  const names = await meeting.allDone(durationMs + donePatienceMs);
  const id = runId(new Date(agreed.startAtEpochMs), request.profile.name);
  const run = await mergeRuns(
    id,
    names.map((name) => join(meet, name)),
  );
  writeRun(join(meet, id), run);
  return { run, folder: join(meet, id) };
}
