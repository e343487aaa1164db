// Sessions as Redis knows them: how many are live, and how much memory it uses.

import { Redis } from 'ioredis';
import { ConfigError } from '../config.js';

/** The edge's keys of sessions: one each, and nothing else begins like it. */
const sessionKeys = 's:*';
const keysPerCall = 5000;

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

  /** Keys of those that have not expired. */
  async keys(): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const found of this.scan()) for (const key of found) keys.add(key);
    return keys;
  }

  /** How many there are besides these, of which nobody needs to know whether they have expired. */
  async countBesides(others: ReadonlySet<string>): Promise<number> {
    let live = 0;
    for await (const found of this.scan()) for (const key of found) if (!others.has(key)) live++;
    return live;
  }

  /** Some at a time: the keys of a million would take more memory than everything else that is known about them. */
  private async *scan(): AsyncGenerator<string[]> {
    let cursor = '0';
    do {
      const [next, found] = await this.redis.scan(cursor, 'MATCH', sessionKeys, 'COUNT', keysPerCall);
      cursor = next;
      yield found;
    } while (cursor !== '0');
  }

  async memoryBytes(): Promise<number> {
    const info = await this.redis.info('memory');
    return Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
  }

  close(): void {
    this.redis.disconnect();
  }
}
