// Sessions as Redis knows them: how many are live, and how much memory it uses.

import { Redis } from 'ioredis';
import { ConfigError } from '../config.js';

/** The edge's keys of sessions: one each, and nothing else begins like it. */
const sessionKeys = 's:*';
const keysPerCall = 5000;

/** Counts in Redis itself: the names of a million keys would cost us more memory than everything we know about them. */
const scanScript = `
  local reply = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
  local after, live, latest = tonumber(ARGV[4]), 0, 0
  for _, key in ipairs(reply[2]) do
    local expires = redis.call('PEXPIRETIME', key)
    if expires > after then live = live + 1 end
    if expires > latest then latest = expires end
  end
  return { reply[1], live, latest }`;

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

  /** When the last of them expires unless it is used, in ms since the epoch; 0 when there is none. */
  async latestExpiryMs(): Promise<number> {
    const { latestMs } = await this.scan(0);
    return latestMs;
  }

  /**
   * How many expire later than that. Lifetimes are equal and grow with use alone, so those are the ones that were opened, or
   * used, since `latestExpiryMs` was asked.
   */
  async countExpiringAfter(ms: number): Promise<number> {
    const { live } = await this.scan(ms);
    return live;
  }

  private async scan(afterMs: number): Promise<{ live: number; latestMs: number }> {
    const found = { live: 0, latestMs: 0 };
    let cursor = '0';
    do {
      const reply = await this.redis.eval(scanScript, 0, cursor, sessionKeys, keysPerCall, afterMs);
      const [next, live, latestMs] = reply as [string, number, number];
      cursor = next;
      found.live += live;
      found.latestMs = Math.max(found.latestMs, latestMs);
    } while (cursor !== '0');
    return found;
  }

  async memoryBytes(): Promise<number> {
    const info = await this.redis.info('memory');
    return Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
  }

  close(): void {
    this.redis.disconnect();
  }
}
