import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { testRedisUrl } from '@flowchart/testing';
import { ConfigError } from '../config.js';
import { LiveSessions } from './live-sessions.js';

describe('sessions in Redis', () => {
  let redis: Redis;
  let live: LiveSessions;
  beforeAll(async () => {
    const url = await testRedisUrl();
    redis = new Redis(url);
    live = await LiveSessions.connect(url);
  });
  afterAll(async () => {
    live.close();
    await redis.quit();
  });

  it('are counted without those of others, whether these have expired or not', async () => {
    const open = (keys: readonly string[], lifetimeMs: number) =>
      keys.reduce((batch, key) => batch.set(key, 'x', 'PX', lifetimeMs), redis.multi()).exec();
    expect(await live.latestExpiryMs()).toBe(0);
    await open(['s:other-1'], 50_000);
    await open(['s:other-2'], 60_000);
    await redis.set('revocations', 'no session');
    const othersExpireMs = await live.latestExpiryMs();
    expect(Math.abs(othersExpireMs - Date.now() - 60_000)).toBeLessThan(5000);
    const own = Array.from({ length: 6000 }, (_, index) => `s:own-${index}`);
    await open(own, 70_000);
    expect(await live.countExpiringAfter(othersExpireMs)).toBe(6000);
    await redis.del('s:other-1', 's:own-17');
    expect(await live.countExpiringAfter(othersExpireMs)).toBe(5999);
    expect(await live.countExpiringAfter(0)).toBe(6000);
  });

  it('cannot be counted where there is no Redis, and that is said', async () => {
    await expect(LiveSessions.connect('redis://127.0.0.1:1')).rejects.toThrow(ConfigError);
  });
});
