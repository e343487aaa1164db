import { describe, expect, it } from '@jest/globals';
import { isSampled, traceIdOf, TraceContext, traceWords, type TraceStream } from './trace-context.js';

const stream: TraceStream = { seed: 7, startAtEpochMs: 1_795_000_000_000, worker: 0 };
const ids = (changes: Partial<TraceStream> = {}, count = 1000): string[] => {
  const context = new TraceContext(0.5, traceWords({ ...stream, ...changes }));
  return Array.from({ length: count }, () => context.next());
};
/** Gives these words one after another. */
const words = (...given: number[]) => {
  const left = [...given];
  return () => {
    const next = left.shift();
    if (next === undefined) throw new Error('more words were asked for than there are');
    return next;
  };
};

describe('TraceContext', () => {
  it('writes version, trace id, parent id and flags in lower case', () => {
    const context = new TraceContext(0.5, words(0x0af76519, 0x16cd43dd, -1, 0x80000001, 0xb7ad6b71, 5, 0));
    expect(context.next()).toBe('00-0af7651916cd43ddffffffff80000001-b7ad6b7100000005-01');
  });

  it('draws again what would be an id of zeros alone', () => {
    const drawn = [0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 8, 0];
    expect(new TraceContext(1, words(...drawn)).next()).toBe(
      '00-00000000000000000000000000000009-0000000000000008-01',
    );
  });

  it('gives every request an id of its own', () => {
    const all = ids({}, 20_000);
    expect(all.every((one) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(one))).toBe(true);
    expect(new Set(all.map(traceIdOf)).size).toBe(all.length);
    expect(new Set(all.map((one) => one.slice(36, 52))).size).toBe(all.length);
  });

  it('spreads the ids evenly over all their digits', () => {
    const all = ids({}, 16_000).map((one) => traceIdOf(one) + one.slice(36, 52));
    for (let position = 0; position < 48; position++) {
      const ofDigit = new Map<string, number>();
      for (const one of all) ofDigit.set(one.charAt(position), (ofDigit.get(one.charAt(position)) ?? 0) + 1);
      // 1000 of each are expected, with a standard deviation of 31.
      expect([...ofDigit.values()].filter((count) => count < 850 || count > 1150)).toEqual([]);
      expect(ofDigit.size).toBe(16);
    }
  });

  it('repeats itself by the seed, the start and the worker, and shares no id when one of them differs', () => {
    expect(ids()).toEqual(ids());
    const runs = [
      ids(),
      ids({ seed: 8 }),
      ids({ startAtEpochMs: stream.startAtEpochMs + 1 }),
      ids({ startAtEpochMs: stream.startAtEpochMs + 2 ** 32 }),
      ...[1, 2, 63].map((worker) => ids({ worker })),
    ];
    expect(new Set(runs.flat().map(traceIdOf)).size).toBe(runs.length * 1000);
  });

  it.each([0, 0.1, 0.5, 1])('marks a share of %d as sampled', (share) => {
    const context = new TraceContext(share, traceWords(stream));
    const count = 20_000;
    const sampled = Array.from({ length: count }, () => isSampled(context.next())).filter(Boolean).length;
    // Four standard deviations of a binomial; none at all for nothing and everything.
    expect(Math.abs(sampled / count - share)).toBeLessThanOrEqual(
      4 * Math.sqrt((share * (1 - share)) / count),
    );
  });
});
