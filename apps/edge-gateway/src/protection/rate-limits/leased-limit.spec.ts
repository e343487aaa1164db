import { beforeEach, describe, expect, it } from '@jest/globals';
import { LeasedLimit } from './leased-limit.js';
import { TokenBucket } from './token-bucket.js';

const rate = { perSecond: 10, burst: 100 };

describe('a limit that is spent in leases', () => {
  let nowMs: number;
  let bucket: TokenBucket;
  let timesAsked: number;
  let away: boolean;

  beforeEach(() => {
    nowMs = 0;
    bucket = new TokenBucket(rate);
    timesAsked = 0;
    away = false;
  });

  const limit = () =>
    new LeasedLimit(
      rate,
      {
        take: async (_key, _rate, wanted) => {
          timesAsked++;
          return away ? undefined : bucket.take(wanted, nowMs);
        },
      },
      () => nowMs,
    );
  const admitted = async (of: LeasedLimit, requests: number): Promise<number> => {
    const verdicts = await Promise.all(Array.from({ length: requests }, async () => of.take('ada')));
    return verdicts.filter(({ allowed }) => allowed).length;
  };

  it('asks once for several requests', async () => {
    const one = limit();
    for (let request = 0; request < 20; request++) await one.take('ada');
    expect(timesAsked).toBe(4);
  });

  it('asks once or twice for all that come together, and admits no more than there is', async () => {
    expect(await admitted(limit(), 1000)).toBe(100);
    expect(timesAsked).toBeLessThanOrEqual(2);
  });

  it('admits no more than the bucket gives when several processes share it', async () => {
    const processes = [limit(), limit(), limit()];
    const counts = await Promise.all(processes.map((one) => admitted(one, 200)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
  });

  it('refuses without asking while the bucket is known to be empty', async () => {
    const one = limit();
    await admitted(one, 100);
    expect(await one.take('ada')).toMatchObject({ allowed: false });
    timesAsked = 0;
    nowMs += 99;
    expect(one.take('ada')).toEqual({
      allowed: false,
      limit: 100,
      remaining: 0,
      resetSeconds: 10,
      retryAfterSeconds: 1,
    });
    expect(timesAsked).toBe(0);
    nowMs += 1;
    expect(await one.take('ada')).toMatchObject({ allowed: true });
  });

  it('after the burst admits the rate', async () => {
    const one = limit();
    await admitted(one, 100);
    let count = 0;
    for (; nowMs < 10_000; nowMs += 10) count += (await one.take('ada')).allowed ? 1 : 0;
    expect(count).toBeGreaterThanOrEqual(98);
    expect(count).toBeLessThanOrEqual(100);
  });

  it('gives up what it leased and did not spend', async () => {
    const one = limit();
    await one.take('ada');
    nowMs += 10_000;
    await one.take('ada');
    expect(timesAsked).toBe(2);
  });

  it('keeps the rate by itself while nobody answers, and comes back', async () => {
    away = true;
    const one = limit();
    expect(await admitted(one, 1000)).toBe(100);
    nowMs += 1000;
    expect(await admitted(one, 1000)).toBe(10);
    away = false;
    nowMs += 100;
    expect(await admitted(one, 1000)).toBe(100);
  });

  it('keeps a count for each key', async () => {
    const one = limit();
    await admitted(one, 100);
    expect(await one.take('ada')).toMatchObject({ allowed: false });
    bucket = new TokenBucket(rate);
    expect(await one.take('grace')).toMatchObject({ allowed: true, limit: 100, remaining: 99 });
  });
});
