import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Meters } from '@flowchart/platform';
import { testRedisUrl } from '@flowchart/testing';
import { Redis } from 'ioredis';
import type { Fetched } from './entry.js';
import { RedisStore } from './redis-store.js';
import { Door } from './testing/door.js';
import { fetched, pending, textCodec } from './testing/text-entries.js';
import { TwoLevelCache } from './two-level-cache.js';

describe('TwoLevelCache on Redis', () => {
  let redis: Redis;
  let redisUrl: string;
  const opened: Redis[] = [];

  beforeEach(async () => {
    redisUrl = await testRedisUrl();
    redis = await connected(redisUrl);
  });
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.disconnect();
  });

  async function connected(url: string): Promise<Redis> {
    const connection = new Redis(url, {
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 250,
      retryStrategy: () => 20,
    });
    connection.on('error', () => undefined);
    opened.push(connection);
    await new Promise((ready) => connection.once('ready', ready));
    return connection;
  }

  /** One process: its own memory, the same Redis. */
  const process = (connection: Redis) => {
    const cache = new TwoLevelCache<string>({
      maxBytes: 2 ** 20,
      codec: textCodec,
      shared: new RedisStore(connection, textCodec),
      meters: new Meters(),
    });
    const answer = async (key: string, fetch: () => Promise<Fetched<string>>) => {
      const { entry, source } = await cache.find(key, fetch);
      return `${source} ${entry.value}`;
    };
    return { cache, answer };
  };
  const gives =
    (value: string, tags: string[] = [], lasts = {}) =>
    async () =>
      fetched(value, tags, lasts);
  const fails = () => Promise.reject(new Error('origin is down'));
  const never = () => Promise.reject(new Error('must not be asked'));
  const stored = async (count: number) => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await redis.keys('{cache}:2:*')).length === count) return;
      await sleep(5);
    }
    throw new Error(`Redis never held ${count} entries`);
  };

  it('gives what one process fetched to another, bytes and tags alike', async () => {
    const [one, two] = [process(redis), process(redis)];
    await one.answer('k', gives('välue', ['a']));
    await stored(1);
    expect(await two.answer('k', never)).toBe('L2 välue');
    expect(two.cache.fresh('k')?.tags).toEqual(['a']);
  });

  it('evicts by tag from Redis and leaves the rest', async () => {
    const { cache, answer } = process(redis);
    await answer('a', gives('1', ['course:A', 'courses']));
    await answer('b', gives('2', ['course:B', 'courses']));
    await stored(2);
    await cache.evict(['course:A']);
    const other = process(redis);
    expect(await other.answer('a', gives('new', ['course:A']))).toBe('MISS new');
    expect(await other.answer('b', never)).toBe('L2 2');
    await cache.evict(['courses']);
    expect(await process(redis).answer('b', gives('newer'))).toBe('MISS newer');
  });

  it('refuses the slow fill of a process that has not heard of the eviction yet', async () => {
    const [slow, quick] = [process(redis), process(redis)];
    const origin = pending<Fetched<string>>();
    const filling = slow.answer('k', () => origin.promise);
    await sleep(20);
    await quick.cache.evict(['a']);
    expect(await quick.answer('k', gives('new', ['a']))).toBe('MISS new');
    await stored(1);
    origin.resolve(fetched('old', ['a']));
    expect(await filling).toBe('MISS old');
    await sleep(50);
    expect(await process(redis).answer('k', never)).toBe('L2 new');
  });

  it('keeps the index of a tag no longer than the entries under it', async () => {
    const { answer } = process(redis);
    await answer('brief', gives('1', ['a'], { freshMs: 30, revalidateMs: 0, staleMs: 30 }));
    await stored(1);
    await sleep(100);
    await answer('long', gives('2', ['a']));
    await stored(1);
    expect(await redis.zrange('{cache}:tag:a', '0', '-1')).toEqual(['{cache}:2:long']);
    expect(await redis.pttl('{cache}:tag:a')).toBeGreaterThan(600_000);
  });

  it('serves a stale entry from Redis to a process that never had it, while the origin fails', async () => {
    await process(redis).answer('k', gives('old', [], { freshMs: 1, revalidateMs: 0 }));
    await stored(1);
    await sleep(10);
    const other = process(redis);
    expect(await other.answer('k', fails)).toBe('STALE old');
    expect(await other.answer('k', fails)).toBe('STALE old');
  });

  it('takes what it cannot read for absent, and stores over it', async () => {
    await redis.set('{cache}:2:k', 'rubbish');
    const { answer } = process(redis);
    expect(await answer('k', gives('v'))).toBe('MISS v');
    await sleep(50);
    expect(await process(redis).answer('k', never)).toBe('L2 v');
  });

  it('goes on without Redis, and uses it again when it is back', async () => {
    const door = await Door.to(redisUrl);
    const connection = await connected(door.in(redisUrl));
    const { answer } = process(connection);
    await answer('before', gives('v'));
    await stored(1);
    await door.shut();
    expect(await answer('meanwhile', gives('v'))).toBe('MISS v');
    const back = new Promise((ready) => connection.once('ready', ready));
    await door.open();
    await back;
    expect(await process(connection).answer('before', never)).toBe('L2 v');
    await door.shut();
  });

  it('does not trust what Redis kept through an eviction that did not reach it', async () => {
    const door = await Door.to(redisUrl);
    const connection = await connected(door.in(redisUrl));
    const { cache, answer } = process(connection);
    await answer('k', gives('old', ['a']));
    await stored(1);
    await door.shut();
    await cache.evict(['a']);
    const back = new Promise((ready) => connection.once('ready', ready));
    await door.open();
    await back;
    expect(await answer('k', gives('new', ['a']))).toBe('MISS new');
    await door.shut();
  });
});
