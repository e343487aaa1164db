import { describe, expect, it } from '@jest/globals';
import { Random } from '../users/random.js';
import { findLeaks, unclear } from './leaks.js';
import type { SystemSecond } from './findings.js';
import { theilSen } from './trend.js';

const MB = 1e6;
const halfAnHour = 1800;
const limits = { maxGrowthPerHour: 0.1, minTimeMs: 600_000 };

/** Of a service, each second. */
type Curve = (second: number, random: Random) => number;

const measure = (
  curve: Curve,
  { name = 'edge.heap', seconds = halfAnHour, seed = 1 } = {},
): SystemSecond[] => {
  const random = new Random(seed);
  return Array.from({ length: seconds }, (_, second) => ({
    second,
    values: { [name]: curve(second, random) },
  }));
};
const only = (system: readonly SystemSecond[]) => {
  const { leaks, inconclusive } = findLeaks(system, limits);
  expect(inconclusive).toBeUndefined();
  expect(leaks).toHaveLength(1);
  const [leak] = leaks;
  if (!leak) throw new Error('there is no figure');
  return leak;
};
const noise = (random: Random, width: number) => (random.uniform() - 0.5) * width;

/** 20 MB of garbage a minute over a floor, taken away in a moment. */
const sawTooth = (second: number): number => 20 * MB * ((second % 60) / 60);

describe('a leak', () => {
  it('is found and measured in the floor of a saw-tooth', () => {
    const leak = only(measure((second) => 100 * MB + sawTooth(second) + 40 * MB * (second / 3600)));
    expect(leak).toMatchObject({ part: 'edge', metric: 'heap', leaking: true });
    // 40 MB an hour on the 106 MB that the floor had reached by a third of the run.
    expect(leak.growthPerHour).toBeCloseTo(40 / 106.7, 2);
    expect(leak.low).toBeLessThanOrEqual(leak.growthPerHour);
    expect(leak.high).toBeGreaterThanOrEqual(leak.growthPerHour);
  });

  it('is found in noise, after a warm-up', () => {
    const curve: Curve = (second, random) =>
      100 * MB + 50 * MB * (1 - Math.exp(-second / 120)) + 90 * MB * (second / 3600) + noise(random, 10 * MB);
    for (const seed of [1, 2, 3, 4, 5]) expect(only(measure(curve, { seed })).leaking).toBe(true);
  });

  it('of handles is found by their number', () => {
    const leak = only(measure((second) => 20 + Math.floor(second / 100), { name: 'student.handles' }));
    expect(leak).toMatchObject({ metric: 'handles', leaking: true });
  });

  it('of connections is found in what a pool holds, busy or not', () => {
    const system = Array.from({ length: halfAnHour }, (_, second) => ({
      second,
      values: { 'student.pool_active': second % 3, 'student.pool_idle': 10 + second / 60 - (second % 3) },
    }));
    expect(only(system)).toMatchObject({ metric: 'pool_connections', leaking: true });
  });
});

describe('no leak', () => {
  it.each<{ what: string; curve: Curve }>([
    { what: 'a flat line', curve: () => 100 * MB },
    { what: 'a saw-tooth on a flat floor', curve: (second) => 100 * MB + sawTooth(second) },
    { what: 'noise', curve: (_, random) => 100 * MB + noise(random, 30 * MB) },
    {
      what: 'a warm-up that levels off',
      curve: (second, random) =>
        100 * MB + 60 * MB * (1 - Math.exp(-second / (halfAnHour / 5))) + noise(random, MB),
    },
    { what: 'a step at the start', curve: (second) => (second < 300 ? 50 : 100) * MB },
    { what: 'memory that is given back', curve: (second) => 200 * MB - 40 * MB * (second / 3600) },
    { what: 'growth below the limit', curve: (second) => 100 * MB + 5 * MB * (second / 3600) },
  ])('is $what', ({ curve }) => {
    expect(only(measure(curve)).leaking).toBe(false);
  });

  it('is memory that wanders about: chance is not taken for a trend', () => {
    // An AR(1) process whose neighbours are much alike: independent points' intervals would be far too narrow.
    const wandering = (): Curve => {
      let level = 0;
      return (_, random) => {
        level = 0.995 * level + noise(random, 2 * MB);
        return 100 * MB + level;
      };
    };
    const runs = Array.from({ length: 100 }, (_, seed) => only(measure(wandering(), { seed: seed + 1 })));
    expect(runs.filter(({ leaking }) => leaking).length).toBeLessThanOrEqual(8);
  });

  it('is data that stores hold, nor the generator’s memory', () => {
    const growing: Curve = (second) => 100 * MB + second * MB;
    for (const name of ['redis.rss', 'postgres.rss', 'generator.rss'])
      expect(findLeaks(measure(growing, { name }), limits)).toEqual({
        leaks: [],
        inconclusive: 'neither memory nor handles nor connections of any part are known',
      });
  });
});

describe('a run that cannot tell', () => {
  it('is one that is too short', () => {
    expect(
      findLeaks(
        measure(() => 1, { seconds: 599 }),
        limits,
      ),
    ).toEqual({
      leaks: [],
      inconclusive: '599 s were measured; a trend takes 600 s or more',
    });
  });

  it('is one of which too little is known', () => {
    const gappy = measure((second) => (second < 600 ? 100 : NaN)).map(({ second, values }) => ({
      second,
      values: second < 600 ? values : {},
    }));
    expect(findLeaks(gappy, limits).inconclusive).toBe('there are too few values of edge.heap');
  });

  it('says what it cannot exclude', () => {
    const { leaks } = findLeaks(
      measure((_, random) => 100 * MB + noise(random, 90 * MB), { seconds: 700 }),
      limits,
    );
    expect(leaks[0]?.leaking).toBe(false);
    expect(unclear(leaks, limits).join()).toMatch(
      /^Leaks: growth of more than 10 % .*edge\.heap \(up to \d+/,
    );
    expect(unclear([], limits)).toEqual([]);
  });
});

describe('the trend of a series', () => {
  it('is that of a line, exactly', () => {
    expect(theilSen(Array.from({ length: 20 }, (_, x) => 3 + 2 * x))).toEqual({ slope: 2, low: 2, high: 2 });
  });

  it('does not mind outliers', () => {
    const values = Array.from({ length: 20 }, (_, x) => (x % 7 === 3 ? 1e6 : 5 * x));
    expect(theilSen(values).slope).toBeCloseTo(5, 5);
  });

  it('has an interval that holds the true slope in at least 93 of 100 cases', () => {
    const random = new Random(7);
    let held = 0;
    for (let run = 0; run < 500; run++) {
      const { low, high } = theilSen(Array.from({ length: 20 }, (_, x) => 0.5 * x + noise(random, 10)));
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    expect(held / 500).toBeGreaterThan(0.93);
  });
});
