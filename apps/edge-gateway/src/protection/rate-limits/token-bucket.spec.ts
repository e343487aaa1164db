import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

const rate = { perSecond: 10, burst: 5 };

describe('a token bucket', () => {
  it('gives its burst at once, then a token each time one has come', () => {
    const bucket = new TokenBucket(rate);
    expect(bucket.take(5, 1000)).toEqual({ granted: 5, remaining: 0, retryAfterMs: 100 });
    expect(bucket.take(1, 1099).granted).toBe(0);
    expect(bucket.take(1, 1100).granted).toBe(1);
    expect(bucket.take(1, 1150)).toEqual({ granted: 0, remaining: 0, retryAfterMs: 50 });
  });

  it('gives what it has where more is wanted', () => {
    const bucket = new TokenBucket(rate);
    bucket.take(2, 0);
    expect(bucket.take(10, 0)).toMatchObject({ granted: 3, remaining: 0 });
  });

  it('is full again after burst / rate, and never fuller', () => {
    const bucket = new TokenBucket(rate);
    bucket.take(5, 0);
    expect(bucket.take(0, 500).remaining).toBe(5);
    expect(bucket.take(100, 1e9).granted).toBe(5);
  });

  it('never gives more than its burst and its rate in any window', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 300 }),
      wanted: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const bucket = new TokenBucket(rate);
        let nowMs = 0;
        const given = steps.map(({ afterMs, wanted }) => {
          nowMs += afterMs;
          return { atMs: nowMs, tokens: bucket.take(wanted, nowMs).granted };
        });
        for (const from of given) {
          for (const to of given.filter(({ atMs }) => atMs >= from.atMs)) {
            const inWindow = given.filter(({ atMs }) => atMs >= from.atMs && atMs <= to.atMs);
            const tokens = inWindow.reduce((sum, one) => sum + one.tokens, 0);
            const allowed = rate.burst + ((to.atMs - from.atMs) / 1000) * rate.perSecond;
            expect(tokens).toBeLessThanOrEqual(allowed + 1e-6);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
