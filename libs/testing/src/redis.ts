import { Redis } from 'ioredis';
import { redisServerUrl, workerNumber } from './config.js';

/** An empty Redis database that no other test worker uses. */
export async function testRedisUrl(): Promise<string> {
  const url = `${redisServerUrl()}/${workerNumber()}`;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
}
