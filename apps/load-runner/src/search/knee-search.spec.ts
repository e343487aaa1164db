// The search against systems whose knee is known, some of them noisy.

import { describe, expect, it } from '@jest/globals';
import { Random } from '../users/random.js';
import { describeSearch } from './describe-search.js';
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

  it('tells what each rate is tried for, and how many steps are left about', () => {
    const search = new KneeSearch(range({ startPerSecond: 100, growth: 2, precision: 0.3 }));
    const said: (string | undefined)[] = [];
    while (search.rate !== undefined) {
      said.push(describeSearch(search, { recovering: search.again, msLeft: 750_000 }));
      search.tell(knee(500)(search.rate));
    }
    expect(said).toEqual([
      'stepping up: now 100/s, none sustained yet, at most 12m30s',
      'stepping up: now 200/s, best 100/s, at most 12m30s',
      'stepping up: now 400/s, best 200/s, at most 12m30s',
      'stepping up: now 800/s, best 400/s, at most 12m30s',
      'stepping up: system recovers before 800/s once more, best 400/s, at most 12m30s',
      'bisecting 400 to 800/s: now 566/s, best 400/s, about 5 steps left, at most 12m30s',
      'bisecting 400 to 800/s: system recovers before 566/s once more, best 400/s, about 5 steps left, at most 12m30s',
      'bisecting 400 to 566/s: now 476/s, best 400/s, about 4 steps left, at most 12m30s',
      'confirming 476 to 566/s: now 566/s, best 476/s, about 2 steps left, at most 12m30s',
      'confirming 476 to 566/s: now 476/s, best 476/s, about 1 step left, at most 12m30s',
    ]);
    expect(describeSearch(search, { recovering: false, msLeft: 0 })).toBeUndefined();
  });

  it('is right about the steps that are left within the halvings that may or may not be broken', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const search = new KneeSearch(range());
      const capacity = 60 + Math.round(random.uniform() * 5000);
      let [foretold, taken]: [number | undefined, number] = [undefined, 0];
      while (search.rate !== undefined) {
        foretold ??= search.stepsLeft;
        if (foretold !== undefined) taken++;
        search.tell(knee(capacity)(search.rate));
      }
      expect(Math.abs(taken - (foretold ?? 0))).toBeLessThanOrEqual(3);
    }
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
