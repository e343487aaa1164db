import type { Redis } from 'ioredis';
import type { Codec, Entry } from './entry.js';
import { evictScript, storeScript } from './redis-scripts.js';

/** What the second level knew about a key. */
export interface Lookup<V> {
  readonly entry: Entry<V> | undefined;
  /** Where Redis' log of evictions stood; storing needs it. Undefined: Redis did not answer. */
  readonly mark: number | undefined;
}

/** Goes up with every change of what is stored, so that two releases side by side do not read each other's entries. */
const FORMAT = 2;
const SEQUENCE_KEY = '{cache}:sequence';
const STAMPS_KEY = '{cache}:stamps';
const entryKey = (key: string) => `{cache}:${FORMAT}:${key}`;
const indexKey = (tag: string) => `{cache}:tag:${tag}`;

const NEWLINE = 0x0a;
const nothing = { entry: undefined, mark: undefined } as const;

/** The second level: what all processes share. Without Redis it holds nothing and says so in bounded time. */
export class RedisStore<V> {
  constructor(
    private readonly redis: Redis,
    private readonly codec: Codec<V>,
  ) {}

  async get(key: string): Promise<Lookup<V>> {
    if (this.redis.status !== 'ready') return nothing;
    try {
      const [stored, sequence] = await Promise.all([
        this.redis.getBuffer(entryKey(key)),
        this.redis.get(SEQUENCE_KEY),
      ]);
      return { entry: stored ? this.decode(stored) : undefined, mark: Number(sequence ?? 0) };
    } catch {
      // Too slow or just gone: the origin is asked, which is all that anybody could do about it here.
      return nothing;
    }
  }

  /** Stores what was fetched after `mark` was read, unless an eviction came in between. Tells whether it did. */
  async set(key: string, entry: Entry<V>, mark: number): Promise<boolean> {
    const nowMs = Date.now();
    const keys = [entryKey(key), STAMPS_KEY, ...entry.tags.map(indexKey)];
    const values = [mark, this.encode(entry), Math.max(1, entry.staleUntilMs - nowMs), nowMs];
    return this.run(storeScript, keys, [...values, ...entry.tags]);
  }

  async evict(tags: readonly string[]): Promise<boolean> {
    return this.run(evictScript, [SEQUENCE_KEY, STAMPS_KEY, ...tags.map(indexKey)], [...tags]);
  }

  private async run(script: string, keys: string[], values: (string | number | Buffer)[]): Promise<boolean> {
    if (this.redis.status !== 'ready') return false;
    try {
      return Number(await this.redis.eval(script, keys.length, ...keys, ...values)) > 0;
    } catch {
      return false;
    }
  }

  private encode({ value, ...head }: Entry<V>): Buffer {
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), this.codec.encode(value)]);
  }

  private decode(stored: Buffer): Entry<V> | undefined {
    try {
      const end = stored.indexOf(NEWLINE);
      const head = JSON.parse(stored.toString('utf8', 0, end)) as Omit<Entry<V>, 'value'>;
      // A copy: what Redis' parser hands out is a view that keeps the whole socket read in memory.
      return { ...head, value: this.codec.decode(Buffer.from(stored.subarray(end + 1))) };
    } catch {
      return undefined;
    }
  }
}
