import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.js';

const recorded = (values: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};
const figures = (histogram: LatencyHistogram) => ({
  count: histogram.count,
  min: histogram.minMs(),
  max: histogram.maxMs(),
  mean: histogram.meanMs(),
  percentiles: [1, 25, 50, 75, 90, 95, 99, 99.9, 100].map((percentile) => histogram.percentileMs(percentile)),
});

const samples = fc.array(fc.nat({ max: 60_000_000 }), { maxLength: 200 });

describe('a latency histogram', () => {
  it('merged from what workers drained equals one that recorded everything itself', () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), (workers) => {
        const merged = new LatencyHistogram();
        for (const worker of workers) {
          const delta = recorded(worker).drain();
          if (delta) merged.merge(delta);
        }
        expect(figures(merged)).toEqual(figures(recorded(workers.flat())));
      }),
      { numRuns: 50 },
    );
  });

  it('added up from others of any size equals one that recorded everything itself', () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), (parts) => {
        const sum = new LatencyHistogram();
        for (const part of parts) sum.add(recorded(part));
        const all = recorded(parts.flat());
        expect(figures(sum)).toEqual(figures(all));
        expect(sum.encode()).toBe(all.encode());
      }),
      { numRuns: 50 },
    );
  });

  it('has every percentile within 0.1 % of the exact one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 60_000_000 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percentile) => {
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((percentile / 100) * sorted.length) - 1] ?? 0;
          const reported = recorded(values).percentileMs(percentile) * 1000;
          expect(Math.abs(reported - exact)).toBeLessThanOrEqual(Math.max(0.001, exact * 0.001));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is empty after it was drained', () => {
    const histogram = recorded([5, 6]);
    histogram.drain();
    expect(histogram.drain()).toBeUndefined();
    expect(figures(histogram).count).toBe(0);
  });

  it('survives text and back within its precision', () => {
    const before = recorded([120, 4500, 1_000_000]);
    const after = LatencyHistogram.decode(before.encode());
    expect(after.count).toBe(3);
    for (const percentile of [1, 50, 99]) {
      expect(after.percentileMs(percentile) / before.percentileMs(percentile)).toBeCloseTo(1, 2);
    }
  });

  it('takes a value just below zero, as clocks give it, for zero', () => {
    expect(recorded([-0.4]).maxMs()).toBe(0);
  });
});
