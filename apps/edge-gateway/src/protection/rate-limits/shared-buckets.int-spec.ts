import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testRedisUrl } from '@flowchart/testing';
import { Redis } from 'ioredis';
import { SharedBuckets } from './shared-buckets.js';

describe('buckets in Redis', () => {
  let redis: Redis;
  let buckets: SharedBuckets;
  let key: string;

  beforeAll(async () => {
    redis = new Redis(await testRedisUrl());
    await new Promise((resolve) => redis.once('ready', resolve));
    buckets = new SharedBuckets(redis);
  });
  afterAll(() => redis.disconnect());
  beforeEach(() => {
    key = crypto.randomUUID();
  });

  const redisNowMs = async (): Promise<number> => {
    const [seconds = 0, microseconds = 0] = (await redis.time()).map(Number);
    return seconds * 1000 + microseconds / 1000;
  };

  it('give the burst, then nothing until a token comes', async () => {
    const rate = { perSecond: 0.01, burst: 5 };
    expect(await buckets.take(key, rate, 3)).toEqual({ granted: 3, remaining: 2, retryAfterMs: 0 });
    const rest = await buckets.take(key, rate, 10);
    expect(rest).toMatchObject({ granted: 2, remaining: 0 });
    expect(rest?.retryAfterMs).toBeGreaterThan(90_000);
    expect(rest?.retryAfterMs).toBeLessThanOrEqual(100_000);
  });

  it.each([7, 3000])('give %d tokens a second after the burst, by the clock of Redis', async (perSecond) => {
    const rate = { perSecond, burst: 20 };
    await buckets.take(key, rate, 1);
    const fromMs = await redisNowMs();
    let granted = 1;
    while (granted < rate.burst + perSecond / 5) granted += (await buckets.take(key, rate, 4))?.granted ?? 0;
    const seconds = ((await redisNowMs()) - fromMs) / 1000;
    expect(granted).toBeLessThanOrEqual(rate.burst + seconds * perSecond + 1);
  });

  it('vanish once they are full', async () => {
    await buckets.take(key, { perSecond: 100, burst: 50 }, 10);
    const ttlMs = await redis.pttl(`rate:${key}`);
    expect(ttlMs).toBeLessThanOrEqual(100);
    await buckets.take(key, { perSecond: 0.1, burst: 50 }, 10);
    expect(await redis.pttl(`rate:${key}`)).toBeGreaterThan(90_000);
  });

  it('lock nobody out when the clock of Redis was set back', async () => {
    await redis.set(`rate:${key}`, ((await redisNowMs()) + 86_400_000) * 1000);
    const grant = await buckets.take(key, { perSecond: 10, burst: 5 }, 1);
    expect(grant).toMatchObject({ granted: 0 });
    expect(grant?.retryAfterMs).toBeLessThanOrEqual(100);
  });

  it('never give a token twice, however many ask', async () => {
    const rate = { perSecond: 0.01, burst: 100 };
    const grants = await Promise.all(Array.from({ length: 1000 }, () => buckets.take(key, rate, 1)));
    expect(grants.reduce((sum, grant) => sum + (grant?.granted ?? 0), 0)).toBe(100);
  });

  it('work on after Redis has forgotten its scripts', async () => {
    await buckets.take(key, { perSecond: 1, burst: 5 }, 1);
    await redis.script('FLUSH');
    expect(await buckets.take(key, { perSecond: 0.01, burst: 5 }, 1)).toMatchObject({ granted: 1 });
  });

  it('say nothing when there is no Redis', async () => {
    const nobody = new Redis({ lazyConnect: true });
    expect(await new SharedBuckets(nobody).take(key, { perSecond: 1, burst: 1 }, 1)).toBeUndefined();
  });
});
