// The statistics of comparisons against published figures.

import { describe, expect, it } from '@jest/globals';
import { bootstrapEffect, difference, drawRuns, ratio, type Effect } from './bootstrap.js';
import { normalCdf, normalQuantile, studentQuantile } from './distributions.js';
import { holm } from './holm.js';
import { mannWhitney } from './mann-whitney.js';
import { normals } from '../../testing/normals.js';

describe('mannWhitney', () => {
  // Hollander & Wolfe, Nonparametric Statistical Methods, 1973, p. 69: permeability of the chorioamnion, at term and at 12 to
  // 26 weeks; R's wilcox.test gives W = 35 and one-sided p = 0.1272 for it.
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const early = [1.15, 0.88, 0.9, 0.74, 1.21];

  it('counts the pairs and gives the exact p of Hollander and Wolfe’s example', () => {
    const { u, p, exact } = mannWhitney(term, early);
    expect([u, exact]).toEqual([35, true]);
    expect(p / 2).toBeCloseTo(0.1272, 4);
  });

  it('agrees with the example of SciPy’s documentation', () => {
    const { u, p } = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect(u).toBe(17);
    expect(p).toBeCloseTo(1 / 9, 12);
  });

  it.each([
    [4, 2 / 70],
    [5, 2 / 252],
    [6, 2 / 924],
  ])('gives sets of %i that lie wholly apart the smallest p there is', (size, smallest) => {
    const low = Array.from({ length: size }, (_, index) => index);
    const high = low.map((value) => value + 100);
    expect(mannWhitney(low, high).p).toBeCloseTo(smallest, 12);
    expect(mannWhitney(high, low).p).toBeCloseTo(smallest, 12);
  });

  it('counts ties a half, and p over all ways to divide the tied values', () => {
    // {1, 2} against {2, 3}: doubled rank sums of pairs of 2, 5, 5, 8 are 7, 7, 10, 10, 13, 13; the observed one is 7.
    expect(mannWhitney([1, 2], [2, 3])).toEqual({ u: 0.5, p: 2 / 3, exact: true });
    expect(mannWhitney([7, 7, 7], [7, 7, 7]).p).toBe(1);
  });

  it('approximates large sets as closely as the exact p would have it', () => {
    const first = Array.from({ length: 21 }, (_, index) => index * 2);
    const second = Array.from({ length: 20 }, (_, index) => index * 2 + 9);
    const large = mannWhitney(first, second);
    const exact = mannWhitney(first.slice(0, 20), second);
    expect([large.exact, exact.exact]).toEqual([false, true]);
    expect(Math.abs(large.p - exact.p)).toBeLessThan(0.06);
    const equal = Array.from({ length: 25 }, () => 3);
    expect(mannWhitney(equal, equal).p).toBe(1);
  });

  it('corrects the approximation for ties as the formula has it', () => {
    const first = Array.from({ length: 25 }, (_, index) => index % 3);
    const second = Array.from({ length: 25 }, (_, index) => (index % 3) + (index < 10 ? 1 : 0));
    // 9+5 zeros, 8+9 ones, 8+8 twos and 3 threes.
    const ties = [14, 17, 16, 3].reduce((sum, count) => sum + count ** 3 - count, 0);
    const deviation = Math.sqrt(((25 * 25) / 12) * (51 - ties / (50 * 49)));
    const { u, p } = mannWhitney(first, second);
    expect(p).toBeCloseTo(2 * normalCdf(-(Math.abs(u - 312.5) - 0.5) / deviation), 10);
  });
});

describe('distributions', () => {
  it.each([
    [1.959964, 0.975],
    [-1.644854, 0.05],
    [3.090232, 0.999],
  ])('Φ(%f) is %f, and back', (z, p) => {
    expect(normalCdf(z)).toBeCloseTo(p, 6);
    expect(normalQuantile(p)).toBeCloseTo(z, 4);
  });

  it.each([
    [4, 0.975, 2.776],
    [8, 0.975, 2.306],
    [8, 0.995, 3.355],
    [18, 0.975, 2.101],
    [120, 0.975, 1.98],
  ])('Student’s t with %i degrees of freedom at %f is %f', (nu, p, t) => {
    expect(studentQuantile(p, nu) / t).toBeCloseTo(1, 2);
  });
});

describe('holm', () => {
  it('multiplies by the tests that are left, and keeps the order', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries()) {
      expect(adjusted[index]).toBeCloseTo(expected, 12);
    }
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

describe('bootstrapEffect', () => {
  const interval = (
    one: readonly number[],
    other: readonly number[],
    effect: Effect,
    seed = 1,
    resamples = 10_000,
  ) => bootstrapEffect(one, other, effect, drawRuns(one.length, other.length, { resamples, seed }), 0.95);
  const baseline = [100, 104, 98, 101, 97];

  it('is the same for the same seed, and close for another', () => {
    const candidate = baseline.map((value) => value * 1.15);
    const one = interval(baseline, candidate, ratio);
    expect(interval(baseline, candidate, ratio)).toEqual(one);
    const other = interval(baseline, candidate, ratio, 2);
    expect(one.estimate).toBeCloseTo(1.15, 10);
    expect(Math.abs(other.low - one.low)).toBeLessThan(0.005);
  });

  it('is as wide as Welch’s interval, which knows the normal distribution that it does not', () => {
    const { low, high } = interval(baseline, baseline, difference);
    // Standard deviation 2.74, so ± 2.306 · 2.74 · √(2/5) = ± 3.99.
    expect((high - low) / 2).toBeGreaterThan(3.99 * 0.85);
    expect((high - low) / 2).toBeLessThan(3.99 * 1.15);
  });

  it('holds the true ratio in 95 of 100 comparisons, though there are only five runs a side', () => {
    const random = normals(7);
    let held = 0;
    for (let trial = 0; trial < 400; trial++) {
      const runs = (mean: number) => Array.from({ length: 5 }, () => mean * (1 + 0.05 * random()));
      const found = interval(runs(50), runs(60), ratio, trial, 1000);
      if (found.low <= 1.2 && found.high >= 1.2) held++;
    }
    expect(held / 400).toBeGreaterThan(0.92);
    expect(held / 400).toBeLessThan(0.98);
  });
});
