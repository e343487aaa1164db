import { describe, expect, it } from '@jest/globals';
import { Random } from './random.js';

const fractions = (seed: number, n: number, purpose: number, count = 8): number[] => {
  const random = new Random(seed, n, purpose);
  return Array.from({ length: count }, () => random.fraction());
};

describe('Random', () => {
  it('repeats itself for the same seed, student and purpose', () => {
    expect(fractions(1, 2, 3)).toEqual(fractions(1, 2, 3));
  });

  it('differs when any of the three differs', () => {
    const first = fractions(1, 2, 3)[0];
    expect([fractions(2, 2, 3)[0], fractions(1, 3, 3)[0], fractions(1, 2, 4)[0]]).not.toContain(first);
  });

  it('starts neighbouring students evenly spread over the unit interval', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let n = 1; n <= 10_000; n++) {
      const tenth = Math.floor((fractions(7, n, 0, 1)[0] ?? 0) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Expected 1000 each with a standard deviation of 30.
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1150);
  });

  it('picks in proportion to the weights', () => {
    const random = new Random(1, 1, 1);
    let heavy = 0;
    for (let i = 0; i < 10_000; i++) heavy += random.pickWeighted([1, 3], (weight) => weight) === 3 ? 1 : 0;
    expect(heavy / 10_000).toBeCloseTo(0.75, 1);
  });

  it('shuffles without losing anything', () => {
    const shuffled = new Random(1, 1, 1).shuffled([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
