// What `POST /swarm` may ask for, in Locust's words and a few of ours, and how it becomes a run or a change of one.

import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ConfigError } from '../config.js';
import { parseTarget, TargetError } from '../engine/run.js';
import { isLoopback } from '../loopback.js';
import { defaultWorkers } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { parseDurationMs } from '../profiles/duration.js';
import { override } from '../profiles/schedule.js';
import type { Profile } from '../profiles/schema.js';
import type { LoadEdit } from './load-edit.js';

/** An empty field of a form is a field left out. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const whole = (from: number, to: number) => {
  const message = `must be a whole number from ${from} to ${to}`;
  return z.coerce.number({ error: message }).int(message).min(from, message).max(to, message);
};

const rateMessage = 'must be a number above 0, up to 100000';

const swarmSchema = z.object({
  profile: optional(z.string()),
  user_count: optional(whole(1, 100_000)),
  rate: optional(whole(1, 100_000)),
  spawn_rate: optional(
    z.coerce.number({ error: rateMessage }).positive(rateMessage).max(100_000, rateMessage),
  ),
  host: optional(z.string()),
  run_time: optional(z.string()),
  seed: optional(whole(0, 2 ** 32 - 1)),
  workers: optional(whole(1, 64)),
});
type Swarm = z.output<typeof swarmSchema>;
export type SwarmField = keyof Swarm;

/** Complaints about fields of the form, each to be shown beside its field. */
export class FieldError extends ConfigError {
  constructor(readonly fields: Partial<Record<SwarmField, string>>) {
    super(
      Object.entries(fields)
        .map(([field, complaint]) => `${field}: ${complaint}`)
        .join('; '),
    );
  }
}

export interface SwarmContext {
  readonly defaultHost: string;
  /** As a URL spells them: in lower case, an IPv6 address without brackets. */
  readonly allowedHosts: readonly string[];
  readonly profileNames: () => readonly string[];
  readonly loadProfile: (name: string) => Profile;
}

/** Load goes to this machine unless the operator allowed another when starting the page. */
function isAllowedTarget(baseUrl: string, allowedHosts: readonly string[]): boolean {
  const { hostname } = parseTarget(baseUrl);
  return isLoopback(hostname) || allowedHosts.includes(hostname);
}

export function readSwarm(body: unknown, context: SwarmContext): RunRequest {
  const fields = readFields(body);
  const profile = readProfile(fields.profile ?? 'load', context);
  const { level, spawnRatePerSecond, runTimeMs } = readLoad(fields, profile.model);
  return {
    profile: override(profile, {
      ...(level !== undefined && { users: level }),
      ...(spawnRatePerSecond !== undefined && { spawnRatePerSecond }),
      ...(runTimeMs !== undefined && { runTimeMs }),
    }),
    baseUrl: readHost(fields.host ?? context.defaultHost, context.allowedHosts),
    seed: fields.seed ?? randomInt(2 ** 32),
    workers: fields.workers ?? defaultWorkers(availableParallelism()),
    tags: { startedFrom: 'ui' },
  };
}

/** A change of the run under way: its load and its end, and nothing else; Locust's scripts send the host along. */
export const readEdit = (body: unknown, { profile }: RunRequest): LoadEdit =>
  readLoad(readFields(body), profile.model);

function readFields(body: unknown): Swarm {
  const parsed = swarmSchema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new FieldError(
    Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])),
  );
}

/** By name alone: a page must not make the runner read any file it names. */
function readProfile(name: string, { profileNames, loadProfile }: SwarmContext): Profile {
  const names = profileNames();
  if (!names.includes(name))
    throw new FieldError({ profile: `there is no profile "${name}"; there are ${names.join(', ')}` });
  return loadProfile(name);
}

function readHost(host: string, allowedHosts: readonly string[]): string {
  const baseUrl = host.replace(/\/+$/, '');
  try {
    if (isAllowedTarget(baseUrl, allowedHosts)) return baseUrl;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    throw new FieldError({
      host: `"${host}" is not an http:// address; write it like http://127.0.0.1:9000`,
    });
  }
  throw new FieldError({
    host: `${baseUrl} is not this machine; start the page with --allow-host to aim at another`,
  });
}

function readLoad({ user_count, rate, spawn_rate, run_time }: Swarm, model: Profile['model']): LoadEdit {
  if (model === 'open' && user_count !== undefined)
    throw new FieldError({ user_count: 'this profile is open: it has requests per second; give rate' });
  if (model !== 'open' && rate !== undefined)
    throw new FieldError({ rate: 'this profile has users, not a rate; give user_count' });
  const level = user_count ?? rate;
  return {
    ...(level !== undefined && { level }),
    ...(spawn_rate !== undefined && { spawnRatePerSecond: spawn_rate }),
    ...(run_time !== undefined && { runTimeMs: readRunTime(run_time) }),
  };
}

function readRunTime(text: string): number {
  const ms = parseDurationMs(text) ?? 0;
  if (ms < 1000) throw new FieldError({ run_time: 'must be at least 1s, written like 90s or 5m' });
  return ms;
}
