// Which runs can be held against each other, and what a reader must know about those that can.

import type { EndpointFigures, RunRecord } from '../record.js';
import type { Profile } from '../../profiles/schema.js';
import { Schedule } from '../../profiles/schedule.js';
import { endpointsNotInAll } from './measures.js';

/** The sets have nothing to do with each other; the message says what sets them apart. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}

export interface RunSets {
  readonly baseline: readonly RunRecord[];
  readonly candidate: readonly RunRecord[];
  /** Runs that were left out, and circumstances that could be mistaken for a change of the system. */
  readonly notes: readonly string[];
}

/** Leaves out runs whose figures are void or of a part only, and refuses sets that did not do the same. */
export function chooseRuns(baseline: readonly RunRecord[], candidate: readonly RunRecord[]): RunSets {
  const all = [...baseline, ...candidate];
  refuse(all, baseline, candidate);
  const counts = (run: RunRecord) => whyLeftOut(run) === undefined;
  const sets = { baseline: baseline.filter(counts), candidate: candidate.filter(counts) };
  const leftOut = all.flatMap((run) => {
    const why = whyLeftOut(run);
    return why === undefined ? [] : [`${run.id} is left out: ${why}.`];
  });
  return { ...sets, notes: [...leftOut, ...circumstances(sets.baseline, sets.candidate)] };
}

/** Undefined of a run that counts: one that failed its thresholds was measured as well as any other. */
function whyLeftOut({ verdict, total, durationMs, profile }: RunRecord): string | undefined {
  if (verdict.outcome === 'invalid') return 'its generator was the bottleneck, its figures are void';
  if (verdict.outcome === 'interrupted') return 'it was interrupted';
  if (total.requests === 0) return 'it measured not one request';
  // A search ends when it has found what it looks for.
  const endedEarly = !profile.search && durationMs < earlyShare * new Schedule(profile.stages).durationMs;
  return endedEarly ? 'it ended before its time' : undefined;
}

/** A run waits for its last answers, so it is never shorter than planned but for clocks. */
const earlyShare = 0.98;

function refuse(
  all: readonly RunRecord[],
  baseline: readonly RunRecord[],
  candidate: readonly RunRecord[],
): void {
  const both = baseline.filter((one) => candidate.some((other) => sameRun(one, other)));
  if (both.length > 0) {
    throw new ComparisonError(`both sets have the run ${both.map(({ id }) => id).join(', ')}`);
  }
  const parts = all.filter((run) => run.shard !== undefined);
  if (parts.length > 0) {
    throw new ComparisonError(
      `${parts.map(({ id }) => id).join(', ')}: only part of a run; merge the parts first`,
    );
  }
  // Records are files, and files may be older than what they are read by.
  const older = all.filter((run) => (run.total as Partial<EndpointFigures>).response === undefined);
  if (older.length > 0) {
    throw new ComparisonError(
      `${older.map(({ id }) => id).join(', ')}: kept no response times; run it again`,
    );
  }
  const [first, ...others] = all;
  for (const other of first ? others : []) {
    const differs = first && differingLoad(first.profile, other.profile);
    if (differs !== undefined) {
      throw new ComparisonError(
        `${first?.id} and ${other.id} did not do the same: ${differs} differs, so their figures cannot be compared`,
      );
    }
  }
}

const sameRun = (one: RunRecord, other: RunRecord): boolean =>
  one.id === other.id && one.startedAt === other.startedAt && one.seed === other.seed;

/** What of a profile makes the load; thresholds and descriptions may change from one set to the other. */
const loadOf = (profile: Profile) => ({
  name: profile.name,
  model: profile.model,
  stages: profile.stages.map(({ level, rampMs, holdMs }) => ({ level, rampMs, holdMs })),
  warmup: profile.warmupMs,
  'think time': profile.thinkTime,
  arrivals: profile.arrivals,
  journeys: profile.journeys,
});

/** What of two profiles differs that makes the load, if anything. */
export function differingLoad(one: Profile, other: Profile): string | undefined {
  const theirs: Readonly<Record<string, unknown>> = loadOf(other);
  const [part] = Object.entries(loadOf(one)).find(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(theirs[key]),
  ) ?? [undefined];
  return part === undefined ? undefined : `${part} of the profile`;
}

function circumstances(baseline: readonly RunRecord[], candidate: readonly RunRecord[]): string[] {
  const all = [...baseline, ...candidate];
  const kinds = (fingerprint: (run: RunRecord) => string) => [...new Set(all.map(fingerprint))];
  const machines = kinds(({ machine: { cpu, cores, platform, node } }) =>
    [cpu, `${cores} cores`, platform, `Node ${node}`].join(', '),
  );
  const missing = endpointsNotInAll(all);
  const notes: string[] = [];
  if (machines.length > 1) {
    notes.push(
      `The runs were made on different machines (${machines.join('; ')}): a difference may be theirs, not the system’s.`,
    );
  }
  if (kinds(({ generator }) => String(generator.workers)).length > 1) {
    notes.push('The runs were generated by different numbers of workers.');
  }
  if (missing.length > 0) {
    notes.push(`Not every run asked for ${missing.join(', ')}: left out of the comparison by endpoint.`);
  }
  if (!interleaved(baseline, candidate)) {
    notes.push(
      'All runs of one set were made before all of the other: whatever changed on the machine meanwhile looks like a ' +
        'difference. Take turns (A B A B) where it matters.',
    );
  }
  return notes;
}

function interleaved(baseline: readonly RunRecord[], candidate: readonly RunRecord[]): boolean {
  const span = (runs: readonly RunRecord[]) => runs.map(({ startedAt }) => startedAt).sort();
  const [ours, theirs] = [span(baseline), span(candidate)];
  if (ours.length === 0 || theirs.length === 0) return true;
  return (ours[0] ?? '') < (theirs.at(-1) ?? '') && (theirs[0] ?? '') < (ours.at(-1) ?? '');
}
