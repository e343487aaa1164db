import { describe, expect, it } from '@jest/globals';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Second } from '../engine/timeline.js';
import { judgeFaults } from './faults.js';

/** So many response times of 10 ms, and so many of 300. */
function times(short: number, long: number): string {
  const all = new LatencyHistogram();
  for (let count = 0; count < short + long; count++) all.record(count < short ? 10_000 : 300_000);
  return all.encode();
}
const calm = times(100, 0);

/** 100 answers a second in 10 ms, but for what is said of it. */
const run = (length: number, odd: (second: number) => Partial<Second> | undefined): Second[] =>
  Array.from({ length }, (_, second) => ({
    ...({ users: 1, requests: 100, failed: 0, responseP95Ms: 10, errors: {}, endpoints: {} } as Second),
    responseHdr: calm,
    second,
    ...odd(second),
  }));
const fault = { part: 'redis', action: 'kill', forMs: 2000, atMs: 10_000, releasedMs: 12_000 };

describe('a fault', () => {
  it('is overcome when answers are as before for two seconds', () => {
    const seconds = run(30, (at) =>
      at >= 10 && at < 14
        ? { failed: 50, errors: { 'status 503': 50 }, responseP95Ms: 300, responseHdr: times(50, 50) }
        : undefined,
    );
    expect(judgeFaults(seconds, [fault])).toMatchObject([
      {
        atSecond: 10,
        errors: { 'status 503': 200 },
        goodputLost: 200,
        p95Ms: expect.closeTo(300, 0),
        recoverySeconds: 2,
        ok: true,
      },
    ]);
  });

  it('has the p95 of all that was answered from the fault until recovery, not of the worst second', () => {
    const seconds = run(30, (at) => {
      if (at === 10) return { responseP95Ms: 300, responseHdr: times(0, 20) };
      return at > 10 && at < 15 ? { responseP95Ms: 300, responseHdr: times(90, 10) } : undefined;
    });
    // 60 of 420 are slow: more than one in twenty.
    expect(judgeFaults(seconds, [fault])[0]?.p95Ms).toBeCloseTo(300, 0);
    const once = run(30, (at) =>
      at === 10
        ? { failed: 50, responseP95Ms: 300, responseHdr: times(0, 4) }
        : at > 10 && at < 15
          ? { failed: 1 }
          : undefined,
    );
    // 4 of 404.
    expect(judgeFaults(once, [fault])[0]?.p95Ms).toBeCloseTo(10, 0);
  });

  it('is not overcome by silence', () => {
    const seconds = run(30, (at) => (at >= 10 ? { requests: 0, responseP95Ms: 0 } : undefined));
    expect(judgeFaults(seconds, [fault])).toMatchObject([
      { recoverySeconds: null, ok: false, goodputLost: 2000 },
    ]);
  });

  it('fails when it takes longer than ten seconds', () => {
    const seconds = run(40, (at) => (at >= 10 && at < 25 ? { responseP95Ms: 90 } : undefined));
    expect(judgeFaults(seconds, [fault])).toMatchObject([{ recoverySeconds: 13, ok: false }]);
  });

  it('must not be felt by cached reads, unless it is the edge itself', () => {
    const seconds = run(30, (at) =>
      at === 10 ? { endpoints: { getCourse: { requests: 9, failed: 3, p50Ms: 1, p95Ms: 1 } } } : undefined,
    );
    const edge = { ...fault, part: 'edge-gateway' };
    expect(judgeFaults(seconds, [fault])).toMatchObject([
      { ok: false, verdict: expect.stringContaining('3 cached reads failed') },
    ]);
    expect(judgeFaults(seconds, [edge])).toMatchObject([{ ok: true }]);
  });
});
