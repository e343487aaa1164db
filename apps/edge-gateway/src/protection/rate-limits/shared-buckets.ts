import type { Redis, Result } from 'ioredis';
import type { Grant, Rate } from './token-bucket.js';

/**
 * `TokenBucket` for all edges, in one key of Redis that disappears once its bucket is full. The time is Redis' own, for
 * clocks of edges differ; one that was set back must not lock anybody out for longer than an empty bucket does.
 */
const takeTokens = `
local intervalUs = 1000000 / tonumber(ARGV[1])
local burst = tonumber(ARGV[2])
local time = redis.call('TIME')
local nowUs = time[1] * 1000000 + time[2]
local fullAtUs = tonumber(redis.call('GET', KEYS[1]) or 0)
fullAtUs = math.min(math.max(fullAtUs, nowUs), nowUs + burst * intervalUs)
local free = burst - (fullAtUs - nowUs) / intervalUs
local granted = math.min(tonumber(ARGV[3]), math.max(0, math.floor(free + 1e-6)))
local left = free - granted
if granted > 0 then
  fullAtUs = fullAtUs + granted * intervalUs
  redis.call('SET', KEYS[1], string.format('%.3f', fullAtUs), 'PX', math.ceil((fullAtUs - nowUs) / 1000))
end
local retryAfterMs = 0
if left < 1 then retryAfterMs = math.ceil((1 - left) * intervalUs / 1000) end
return {granted, math.max(0, math.floor(left + 1e-6)), retryAfterMs}
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeTokens(
      key: string,
      perSecond: number,
      burst: number,
      wanted: number,
    ): Result<[granted: number, remaining: number, retryAfterMs: number], Context>;
  }
}

/** After a failure Redis is left alone for so long, so that one that hangs does not hold up every request. */
const PAUSE_MS = 1000;

/** Token buckets that all edges share. */
export class SharedBuckets {
  private pausedUntilMs = 0;

  constructor(private readonly redis: Redis) {
    redis.defineCommand('takeTokens', { numberOfKeys: 1, lua: takeTokens });
  }

  /** What the bucket of `key` gives; undefined, in bounded time, when Redis does not answer. */
  async take(key: string, { perSecond, burst }: Rate, wanted: number): Promise<Grant | undefined> {
    if (this.redis.status !== 'ready' || performance.now() < this.pausedUntilMs) return undefined;
    try {
      const answer = await this.redis.takeTokens(`rate:${key}`, perSecond, burst, wanted);
      const [granted, remaining, retryAfterMs] = answer;
      return { granted, remaining, retryAfterMs };
    } catch {
      // Too slow or just gone, which is all the same here: the process counts for itself.
      this.pausedUntilMs = performance.now() + PAUSE_MS;
      return undefined;
    }
  }
}
