import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Meters } from '@flowchart/platform';
import { Door, eventually, testRedisUrl } from '@flowchart/testing';
import { Redis } from 'ioredis';
import type { Fetched } from './entry.js';
import { LOCK_MS, RedisStore, type RedisStoreOptions } from './redis-store.js';
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
  const process = (connection: Redis, options: RedisStoreOptions = {}) => {
    const meters = new Meters();
    const cache = new TwoLevelCache<string>({
      maxBytes: 2 ** 20,
      codec: textCodec,
      shared: new RedisStore(connection, textCodec, options),
      meters,
      random: () => 0,
    });
    const gets = cache.getsOf('/route');
    const answer = async (key: string, fetch: () => Promise<Fetched<string>>) => {
      const { entry, source } = await cache.find(key, gets, fetch);
      return `${source} ${entry.value}`;
    };
    return { cache, answer, gets, meters, fresh: (key: string) => cache.fresh(key, gets) };
  };
  const gives =
    (value: string, tags: string[] = [], lasts = {}) =>
    async () =>
      fetched(value, tags, lasts);
  const guest = (value: string, tags: string[] = []) => ({ ...fetched(value, tags), unbounded: true });
  const fails = () => Promise.reject(new Error('origin is down'));
  const never = () => Promise.reject(new Error('must not be asked'));
  const stored = (count: number) =>
    eventually(async () => (await redis.keys('{cache}:2:*')).length === count);

  const unlocked = () => eventually(async () => (await redis.keys('{cache}:lock:*')).length === 0);

  it('gives what one process fetched to another, bytes and tags alike', async () => {
    const [one, two] = [process(redis), process(redis)];
    await one.answer('k', gives('välue', ['a']));
    await stored(1);
    expect(await two.answer('k', never)).toBe('L2 välue');
    expect(two.fresh('k')?.tags).toEqual(['a']);
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

  it('keeps the index of a tag for as long as entries under it, and sweeps it of those that expired', async () => {
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

  describe('one of several processes fills a key', () => {
    /** Lets every process find the key expired, as it is a minute after the last fill. */
    const expired = { freshMs: 1, revalidateMs: 600_000, staleMs: 600_000 };

    it('asks the origin once for a thousand who want a cold key of three processes', async () => {
      const processes = [process(redis), process(redis), process(redis)];
      let asked = 0;
      const slowly = async () => {
        asked++;
        await sleep(100);
        return fetched('v');
      };
      const crowd = processes.flatMap(({ answer }) => Array.from({ length: 333 }, () => answer('k', slowly)));
      const answers = await Promise.all(crowd);
      expect(asked).toBe(1);
      expect([...new Set(answers)].sort()).toEqual(['L2 v', 'MISS v']);
    });

    it('asks it once, too, for a key of which there are endlessly many', async () => {
      const processes = [process(redis), process(redis), process(redis)];
      let asked = 0;
      const slowly = async () => {
        asked++;
        await sleep(200);
        return guest('v');
      };
      await Promise.all(processes.map(({ answer }) => answer('k', slowly)));
      expect(asked).toBe(1);
    });

    it('revalidates in the background once, while all serve what they have', async () => {
      const processes = [process(redis), process(redis), process(redis)];
      for (const { answer } of processes) await answer('k', gives('old', [], expired));
      await sleep(5);
      let asked = 0;
      const slowly = async () => {
        asked++;
        await sleep(100);
        return fetched('new');
      };
      const answers = await Promise.all(processes.map(({ answer }) => answer('k', slowly)));
      expect(answers).toEqual(['STALE old', 'STALE old', 'STALE old']);
      await eventually(() => processes.every(({ fresh }) => fresh('k')?.value === 'new'));
      expect(asked).toBe(1);
    });

    it('takes over at once when the one before it got no answer', async () => {
      const [first, second] = [process(redis), process(redis)];
      const origin = pending<Fetched<string>>();
      const failing = first.answer('k', () => origin.promise);
      await eventually(async () => (await redis.exists('{cache}:lock:k')) === 1);
      const waiting = second.answer('k', gives('v'));
      await eventually(async () => (await redis.hexists('{cache}:lock:k', 'awaited')) === 1);
      origin.reject(new Error('origin is down'));
      await expect(failing).rejects.toThrow('origin is down');
      expect(await waiting).toBe('MISS v');
    });

    it('waits for one that died no longer than its lock lives', async () => {
      await redis.hset('{cache}:lock:k', 'holder', 'a process that is no more');
      await redis.pexpire('{cache}:lock:k', LOCK_MS);
      expect(await process(redis).answer('k', gives('v'))).toBe('MISS v');
      await stored(1);
    });

    it('asks the origin itself when a lock never ends', async () => {
      await redis.hset('{cache}:lock:k', 'holder', 'who does not come back');
      expect(await process(redis).answer('k', gives('v'))).toBe('MISS v');
    });
  });

  describe('when Redis does not answer', () => {
    let door: Door;
    let connection: Redis;
    beforeEach(async () => {
      door = await Door.to(redisUrl);
      connection = await connected(door.in(redisUrl));
    });
    afterEach(() => door.shut());

    const sent = () => {
      const commands = jest.spyOn(connection, 'sendCommand');
      return () => commands.mock.calls.length;
    };

    it('goes to the origin after a bounded wait, and then without a wait for most', async () => {
      const { answer } = process(connection);
      await answer('warm', gives('v'));
      door.freeze();
      const commands = sent();
      for (let miss = 0; miss < 1000; miss++) expect(await answer(`k${miss}`, gives('v'))).toBe('MISS v');
      // The first and a trial now and then; each look-up sends two commands, and three where Redis answers.
      expect(commands()).toBeLessThan(20);
    });

    it('serves what it has in memory as if nothing were', async () => {
      const { answer, fresh } = process(connection);
      await answer('k', gives('v'));
      door.freeze();
      await answer('other', gives('v'));
      expect(fresh('k')?.value).toBe('v');
    });

    it('uses it again when it answers again', async () => {
      const [here, elsewhere] = [process(connection), process(redis)];
      door.freeze();
      await here.answer('cold', gives('v'));
      door.thaw();
      let key = 0;
      await eventually(async () => {
        await elsewhere.answer(`k${++key}`, gives('v'));
        await eventually(async () => (await redis.exists(`{cache}:2:k${key}`)) === 1);
        return (await here.answer(`k${key}`, gives('v'))) === 'L2 v';
      });
    });

    it('asks the origin once a key when it is back, however many processes were without it', async () => {
      const processes = [process(connection), process(connection), process(connection)];
      const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
      const everywhere = (fetch: () => Promise<Fetched<string>>) =>
        Promise.all(processes.flatMap(({ answer }) => keys.map((key) => answer(key, fetch))));
      await everywhere(gives('v', [], { freshMs: 1, revalidateMs: 0 }));
      await unlocked();
      await door.shut();
      for (const { cache } of processes) cache.setLinked(false);
      const back = new Promise((ready) => connection.once('ready', ready));
      await door.open();
      await back;
      for (const { cache } of processes) cache.setLinked(true);
      let asked = 0;
      await everywhere(async () => {
        asked++;
        await sleep(100);
        return fetched('new');
      });
      expect(asked).toBe(keys.length);
    });
  });

  describe('keys of which there are endlessly many', () => {
    it('leave Redis and the hot set alone when each is asked for once', async () => {
      const { answer, fresh } = process(redis);
      const hot = Array.from({ length: 50 }, (_, index) => `hot${index}`);
      for (const key of hot) await answer(key, gives('v'));
      await stored(hot.length);
      for (let scanned = 0; scanned < 12_000; scanned += 100) {
        for (const key of hot) fresh(key);
        const scan = Array.from({ length: 100 }, (_, index) => `scan${scanned + index}`);
        await Promise.all(scan.map((key) => answer(key, async () => guest('v'.repeat(1000)))));
      }
      expect(hot.filter((key) => !fresh(key))).toEqual([]);
      await unlocked();
      const keys = await redis.keys('*');
      expect(keys.filter((key) => key.includes('scan')).length).toBeLessThan(5);
      expect(await redis.strlen('{cache}:doorkeeper')).toBeLessThanOrEqual(2 ** 19);
    });

    it('are shared as soon as one is asked for again, by whichever process', async () => {
      const ask = (value: string) => process(redis).answer('k', async () => guest(value));
      expect(await ask('first')).toBe('MISS first');
      await eventually(async () => (await redis.exists('{cache}:lock:k')) === 0);
      expect(await ask('second')).toBe('MISS second');
      await stored(1);
      expect(await ask('third')).toBe('L2 second');
    });

    it('are stored in a bounded number, with no trace of those that had to go', async () => {
      const { answer, cache } = process(redis, { maxGuests: 10 });
      await answer('own', gives('v', ['courses']));
      for (let round = 0; round < 2; round++) {
        for (let key = 0; key < 30; key++) {
          await answer(`k${key}`, async () => ({ ...guest('v', ['courses']), lifetime: brief }));
        }
        await unlocked();
        await sleep(brief.freshMs);
      }
      await stored(11);
      expect(await redis.zcard('{cache}:tag:courses')).toBe(11);
      expect(await redis.exists('{cache}:2:own')).toBe(1);
      await cache.evict(['courses']);
      expect(await redis.zcard('{cache}:guests')).toBe(0);
    });

    it('sweep an index that lives on of those that have expired', async () => {
      const lifetime = { freshMs: 1, revalidateMs: 0, staleMs: 50 };
      const shareGuest = async (key: string) => {
        const asked = async () => ({ ...guest('v', ['courses']), lifetime });
        for (let time = 0; time < 2; time++) await process(redis).answer(key, asked).then(unlocked);
      };
      await process(redis).answer('own', gives('v', ['courses']));
      await shareGuest('early');
      await sleep(100);
      await shareGuest('late');
      const indexed = await redis.zrange('{cache}:tag:courses', '0', '-1');
      expect(indexed.sort()).toEqual(['{cache}:2:late', '{cache}:2:own']);
    });
  });

  it('counts what it found in Redis, and what an eviction removed there', async () => {
    const [one, two] = [process(redis), process(redis)];
    await one.answer('k', gives('v', ['a']));
    await stored(1);
    await two.answer('k', never);
    expect([one.gets.L2, two.gets.L2]).toEqual([
      { hit: 0, miss: 1 },
      { hit: 1, miss: 0 },
    ]);
    await two.cache.evict(['a']);
    const evictions = await two.meters.find('cache.evictions')?.read();
    expect(evictions).toContainEqual({
      statistic: 'COUNT',
      value: 1,
      tags: { level: 'L2', cause: 'change' },
    });
  });
});

/** Stored, but not fresh for long. */
const brief = { freshMs: 20, revalidateMs: 0, staleMs: 60_000 };
