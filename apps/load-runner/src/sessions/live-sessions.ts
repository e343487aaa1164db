// Sessions as Redis knows them: how many are live, and how much memory it uses.

import { Redis } from 'ioredis';
import { ConfigError } from '../config.js';

/** The edge's keys of sessions: one each, and nothing else begins like it. */
const sessionKeys = 's:*';
const keysPerCall = 5000;

/** Counts in Redis itself: the names of a million keys would cost us more memory than everything we know about them. */
const countScript = `
  local reply = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
  return { reply[1], #reply[2] }`;

export class LiveSessions {
  private constructor(private readonly redis: Redis) {}

  static async connect(url: string): Promise<LiveSessions> {
    const redis = new Redis(url, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectionName: 'load-runner',
    });
    // What fails is told by the command that fails.
    redis.on('error', () => undefined);
    try {
      await redis.connect();
    } catch {
      throw new ConfigError(
        `Redis does not answer at ${new URL(url).host}: sessions can neither be made nor counted`,
      );
    }
    return new LiveSessions(redis);
  }

  /** Those that have not expired. */
  async count(): Promise<number> {
    let cursor = '0';
    let live = 0;
    do {
      const reply = await this.redis.eval(countScript, 0, cursor, sessionKeys, keysPerCall);
      const [next, found] = reply as [string, number];
      cursor = next;
      live += found;
    } while (cursor !== '0');
    return live;
  }

  async memoryBytes(): Promise<number> {
    const info = await this.redis.info('memory');
    return Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
  }

  close(): void {
    this.redis.disconnect();
  }
}
