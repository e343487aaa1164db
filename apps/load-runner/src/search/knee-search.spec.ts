// The search against systems whose knee is known, some of them noisy.

import { describe, expect, it } from '@jest/globals';
import { Random } from '../users/random.js';
import { KneeSearch, type SearchRange, type StepOutcome } from './knee-search.js';

const range = (changes: Partial<SearchRange> = {}): SearchRange => ({
  ...{ startPerSecond: 50, growth: 1.5, precision: 0.05, maxPerSecond: 100_000 },
  ...changes,
});

function searched(options: SearchRange, system: (rate: number) => StepOutcome) {
  const search = new KneeSearch(options);
  const tried: number[] = [];
  while (search.rate !== undefined && tried.length < 200) {
    tried.push(search.rate);
    search.tell(system(search.rate));
  }
  return { search, tried };
}
const knee =
  (capacity: number) =>
  (rate: number): StepOutcome =>
    rate <= capacity ? 'sustainable' : 'broken';

describe('the search for the knee', () => {
  it('goes up in factors, tries a broken rate once more, then bisects between', () => {
    const { tried, search } = searched(range({ startPerSecond: 100, growth: 2, precision: 0.3 }), knee(500));
    // At the end both bounds are tried again.
    expect(tried).toEqual([100, 200, 400, 800, 800, 566, 566, 476, 566, 476]);
    expect([search.good, search.broken]).toEqual([476, { rate: 566, outcome: 'broken' }]);
  });

  it('finds any knee within the precision', () => {
    const random = new Random(7);
    for (let round = 0; round < 300; round++) {
      const capacity = Math.round(10 ** (0.5 + random.uniform() * 4));
      const { search, tried } = searched(
        range({ startPerSecond: 1 + Math.round(random.uniform() * 200) }),
        knee(capacity),
      );
      expect(search.rate).toBeUndefined();
      expect(search.good).toBeLessThanOrEqual(capacity);
      expect(search.broken?.rate).toBeGreaterThan(capacity);
      // Whole rates cannot be nearer than one to each other.
      expect(search.broken!.rate).toBeLessThanOrEqual(Math.max(search.good * 1.05, search.good + 1));
      expect(tried.length).toBeLessThan(60);
    }
  });

  it('survives noise: one step in twelve looks broken though it is not', () => {
    const random = new Random(11);
    let near = 0;
    for (let round = 0; round < 300; round++) {
      const capacity = 200 + Math.round(random.uniform() * 5000);
      const noisy = (rate: number) => (random.uniform() < 1 / 12 ? 'broken' : knee(capacity)(rate));
      const { search } = searched(range(), noisy);
      if (search.good <= capacity && search.good >= capacity / 1.1) near++;
    }
    expect(near).toBeGreaterThanOrEqual(295);
  });

  it('goes down when not even the first rate is sustainable', () => {
    const { search } = searched(range({ startPerSecond: 1000 }), knee(37));
    expect([search.good, search.broken?.rate]).toEqual([37, 38]);
  });

  it('ends at nothing when no rate is sustainable', () => {
    const { search } = searched(range(), () => 'broken');
    expect([search.rate, search.good, search.broken?.rate]).toEqual([undefined, 0, 1]);
  });

  it('ends at the highest rate that it may try', () => {
    const { search } = searched(range({ maxPerSecond: 700 }), knee(1e9));
    expect([search.rate, search.good, search.broken]).toEqual([undefined, 700, undefined]);
  });

  it('tells the system’s knee from the generator’s', () => {
    const both = (rate: number): StepOutcome => (rate > 900 ? 'unclear' : knee(600)(rate));
    expect(searched(range(), both).search.broken?.outcome).toBe('broken');
    const generator = (rate: number): StepOutcome => (rate > 900 ? 'unclear' : 'sustainable');
    expect(searched(range(), generator).search.broken?.outcome).toBe('unclear');
  });
});
