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
    const before = await live.keys();
    await redis.mset({ 's:other-1': 'x', 's:other-2': 'x' });
    const others = await live.keys();
    expect([...others].filter((key) => !before.has(key)).sort()).toEqual(['s:other-1', 's:other-2']);
    const own = Array.from({ length: 6000 }, (_, index) => `s:own-${index}`);
    await redis.mset(Object.fromEntries(own.map((key) => [key, 'x'])));
    expect(await live.countBesides(others)).toBe(6000);
    await redis.del('s:other-1', 's:own-17');
    expect(await live.countBesides(others)).toBe(5999);
    await redis.del('s:other-2', ...own);
    expect(await live.countBesides(others)).toBe(0);
  });

  it('cannot be counted where there is no Redis, and that is said', async () => {
    await expect(LiveSessions.connect('redis://127.0.0.1:1')).rejects.toThrow(ConfigError);
  });
});
