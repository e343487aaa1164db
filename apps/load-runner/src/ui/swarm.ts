// What `POST /swarm` may ask for, in Locust's words, and how it becomes a run.

import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ConfigError } from '../config.js';
import { parseTarget } from '../engine/run.js';
import { defaultWorkers } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { parseDurationMs } from '../profiles/duration.js';
import { override, type ScheduleOverrides } from '../profiles/schedule.js';
import type { Profile } from '../profiles/schema.js';

/** An empty field of a form is a field left out. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const swarmSchema = z.object({
  profile: optional(z.string()),
  user_count: optional(z.coerce.number().int().min(1).max(100_000)),
  spawn_rate: optional(z.coerce.number().positive().max(100_000)),
  host: optional(z.string()),
  run_time: optional(z.string()),
});

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);

export interface SwarmContext {
  readonly defaultHost: string;
  readonly allowedHosts: readonly string[];
  readonly loadProfile: (name: string) => Profile;
}

/** Load goes to this machine unless the operator allowed another when starting the page. */
export function isAllowedTarget(baseUrl: string, allowedHosts: readonly string[]): boolean {
  const { hostname } = parseTarget(baseUrl);
  return loopbackNames.has(hostname) || hostname.startsWith('127.') || allowedHosts.includes(hostname);
}

export function readSwarm(body: unknown, context: SwarmContext): RunRequest {
  const parsed = swarmSchema.safeParse(body ?? {});
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const { profile = 'load', host = context.defaultHost } = parsed.data;
  const baseUrl = host.replace(/\/+$/, '');
  if (!isAllowedTarget(baseUrl, context.allowedHosts)) {
    throw new ConfigError(
      `host: ${baseUrl} is not this machine; start the page with --allow-host to aim at another`,
    );
  }
  return {
    profile: override(context.loadProfile(profile), readOverrides(parsed.data)),
    baseUrl,
    seed: randomInt(2 ** 32),
    workers: defaultWorkers(availableParallelism()),
    tags: { startedFrom: 'ui' },
  };
}

function readOverrides({
  user_count,
  spawn_rate,
  run_time,
}: z.output<typeof swarmSchema>): ScheduleOverrides {
  const runTimeMs = run_time === undefined ? undefined : (parseDurationMs(run_time) ?? 0);
  if (runTimeMs !== undefined && runTimeMs < 1000) {
    throw new ConfigError('run_time: must be at least 1s, written like 90s or 5m');
  }
  return {
    ...(user_count !== undefined && { users: user_count }),
    ...(spawn_rate !== undefined && { spawnRatePerSecond: spawn_rate }),
    ...(runTimeMs !== undefined && { runTimeMs }),
  };
}
