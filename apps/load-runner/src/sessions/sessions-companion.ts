// Makes the sessions that a run draws from, counts them in Redis before and after the load, and keeps an eye on our own memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StackFile } from '../collectors/stack-file.js';
import type { Companion, CompanionResult } from '../companion.js';
import {
  callerEnvironment,
  ConfigError,
  folders,
  readSystemSettings,
  tokensFile,
  type SystemSettings,
} from '../config.js';
import type { Measurement } from '../engine/run.js';
import type { Profile } from '../profiles/schema.js';
import type { RunRequest } from '../run-request.js';
import { LiveSessions } from './live-sessions.js';

const createCommand = join(folders.workspace, 'apps/edge-gateway/dist/create-sessions.js');

type Wanted = NonNullable<Profile['sessions']>;

class SessionsCompanion implements Companion {
  private live: LiveSessions | undefined;
  /** Sessions of others, which were there before ours were made, expire until then, in ms since the epoch. */
  private othersExpireMs = 0;
  private liveBefore = 0;
  private redisBytes = 0;
  private bytesPerSession = 0;
  private generatorBytes = 0;

  constructor(
    private readonly wanted: Wanted,
    private readonly students: number,
    private readonly redisUrl: string | undefined,
  ) {}

  async prepare(): Promise<void> {
    const { count, tokens } = this.wanted;
    if (this.redisUrl === undefined) {
      throw new ConfigError(
        'a profile with sessions needs the target’s Redis: set REDIS_URL, or start the stack here',
      );
    }
    this.live = await LiveSessions.connect(this.redisUrl);
    const bytes = await this.live.memoryBytes();
    // Sessions of a file that was given are among those found, and nobody can tell which.
    if (tokens === undefined) {
      this.othersExpireMs = await this.live.latestExpiryMs();
      process.once('exit', forgetTokens);
      await createSessions(count, this.students, this.redisUrl);
    }
    this.liveBefore = await this.live.countExpiringAfter(this.othersExpireMs);
    this.redisBytes = await this.live.memoryBytes();
    const made = tokens === undefined ? this.liveBefore : 0;
    this.bytesPerSession = made > 0 ? Math.max(0, this.redisBytes - bytes) / made : 0;
  }

  second(): void {
    this.generatorBytes = Math.max(this.generatorBytes, process.memoryUsage.rss());
  }

  async finish({ timeline }: Measurement): Promise<CompanionResult> {
    if (!this.live) return {};
    const sessions = {
      wanted: this.wanted.count,
      liveBefore: this.liveBefore,
      liveAfter: await this.live.countExpiringAfter(this.othersExpireMs),
      used: timeline.total.counters.sessionsUsed,
      redisBytes: Math.max(this.redisBytes, await this.live.memoryBytes()),
      redisBytesPerSession: this.bytesPerSession,
      generatorBytes: this.generatorBytes,
    };
    return { findings: { sessions } };
  }

  async close(): Promise<void> {
    this.live?.close();
    if (this.wanted.tokens !== undefined) return;
    process.off('exit', forgetTokens);
    forgetTokens();
  }
}

/** Tokens that were made here are of no use to anybody else, and open a session for whoever finds them: also after a second Ctrl-C. */
const forgetTokens = (): void => rmSync(tokensFile(), { force: true });

/** By the edge's own command: with its keys, and as a login makes one. */
async function createSessions(count: number, students: number, redisUrl: string): Promise<void> {
  if (!existsSync(createCommand))
    throw new ConfigError('the edge gateway is not built; run `npx nx run edge-gateway:build` first');
  const args = [`--count=${count}`, `--out=${tokensFile()}`, `--students=${students}`];
  const child = spawn(process.execPath, [createCommand, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...callerEnvironment(), REDIS_URL: redisUrl },
  });
  const end = (): void => void child.kill();
  process.once('exit', end);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('exit', end);
  if (code !== 0)
    throw new ConfigError(`the ${count} sessions could not be made (create-sessions ended with ${code})`);
}

export function sessions({ profile, baseUrl }: RunRequest): Companion | undefined {
  if (!profile.sessions) return undefined;
  return new SessionsCompanion(profile.sessions, profile.students, redisUrl(baseUrl, readSystemSettings()));
}

/** What is given wins over the Redis of a stack on this machine. */
function redisUrl(baseUrl: string, settings: SystemSettings): string | undefined {
  const stack = new StackFile(settings.stackFile);
  const redis = stack.serves(baseUrl) ? stack.find('redis') : undefined;
  return settings.redisUrl ?? (redis && `redis://127.0.0.1:${redis.port}`);
}
