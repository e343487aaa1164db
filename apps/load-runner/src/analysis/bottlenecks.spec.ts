import { describe, expect, it } from '@jest/globals';
import { rankBottlenecks, type Stretch } from './bottlenecks.js';
import type { SystemSecond } from './findings.js';
import { partFigures } from './system-figures.js';

/** Of a second, given the load's level in it. */
interface Model {
  readonly requests: (level: number) => number;
  readonly p95Ms?: (level: number) => number;
  readonly values: (level: number, second: number) => SystemSecond['values'];
}

/** One stage of ten seconds at each level. */
function run(levels: readonly number[], { requests, p95Ms = () => 10, values }: Model, cores = 4) {
  const seconds = levels.flatMap((level, stage) =>
    Array.from({ length: 10 }, (_, index) => ({ level, second: stage * 10 + index })),
  );
  const stretches: Stretch[] = levels.map((level, stage) => ({
    level,
    fromSecond: stage * 10,
    toSecond: stage * 10 + 10,
  }));
  const load = seconds.map(({ level, second }) => ({
    second,
    requests: requests(level),
    p95Ms: p95Ms(level),
  }));
  const system = seconds.map(({ level, second }) => ({ second, values: values(level, second) }));
  return { system, load, stretches, cores };
}
const edge = (busy: number) => ({ 'edge.heap': 1, 'edge.main_thread': busy, 'edge.cpu': busy + 0.2 });

describe('ranking of bottlenecks', () => {
  it('finds the event loop that was full, though the machine had cores to spare', () => {
    const [first, second] = rankBottlenecks(
      run([100, 1000], {
        requests: (level) => level,
        values: (level) => ({
          ...edge(level / 1050),
          'machine.cpu': level / 2500,
          'generator.cpu': 0.1,
        }),
      }),
    );
    expect(first).toMatchObject({ resource: 'edge event loop', saturatedAtSecond: 10 });
    expect(first?.utilisation).toBeCloseTo(0.952, 3);
    // D = U/X, and 1/D is the most that can be had.
    expect(first?.demandMs).toBeCloseTo(1000 / 1050, 3);
    expect(first?.maxPerSecond).toBe(1050);
    expect(first?.signs).toEqual(['Busy for 95 % of its core over 10 s.']);
    expect(second).toMatchObject({
      resource: 'machine CPU',
      utilisation: 0.4,
      saturatedAtSecond: null,
      signs: [],
    });
    // Four cores that are 40 % busy at 1000 requests/s: 1.6 ms each.
    expect(second?.demandMs).toBeCloseTo(1.6, 3);
  });

  it('puts what was short first before what was short later, even where that is busier', () => {
    const ranked = rankBottlenecks(
      run([100, 200, 300], {
        requests: (level) => level,
        values: (level) => ({
          ...edge(level >= 300 ? 1 : 0.3),
          'redis.cpu': level >= 200 ? 0.9 : 0.2,
          'machine.cpu': 0.5,
        }),
      }),
    );
    expect(ranked.map(({ resource, saturatedAtSecond }) => [resource, saturatedAtSecond])).toEqual([
      ['redis CPU', 10],
      ['edge event loop', 20],
      ['machine CPU', null],
    ]);
  });

  it('tells of queues: callers of a pool, connections that wait, a loop whose delay rises', () => {
    const ranked = rankBottlenecks(
      run([10, 100], {
        requests: (level) => level,
        values: (level, second) => ({
          ...edge(0.5),
          'edge.loop_delay': level / 2,
          'edge.pool_active': level / 10,
          'edge.pool_max': 10,
          'edge.pool_pending': level > 10 && second % 2 === 0 ? 8 : 0,
          'postgres.cpu': 0.4,
          'postgres.waiting': level > 10 ? 2 : 0,
        }),
      }),
    );
    const signs = Object.fromEntries(ranked.map((one) => [one.resource, one.signs]));
    expect(signs['edge connection pool']).toEqual([
      'Busy for 100 % of 10 connections over 10 s.',
      'In 5 of 10 seconds callers waited for a connection, 4 on average and 8 at worst.',
    ]);
    expect(signs['postgres CPU']).toEqual([
      'In 10 of 10 seconds connections waited in mid-statement, 2 on average and 2 at worst.',
    ]);
    expect(signs['edge event loop']).toEqual([
      'Its delay rose from 5 to 50 ms (p99, median of the seconds).',
    ]);
  });

  it('tells who else was busy on the machine', () => {
    const [first] = rankBottlenecks(
      run([10], {
        requests: () => 10,
        values: () => ({ 'machine.cpu': 0.9, 'machine.steal': 0.1, 'redis.cpu': 0.2, 'generator.cpu': 1 }),
      }),
    );
    expect(first).toMatchObject({ resource: 'machine CPU', utilisation: 0.9 });
    expect(first?.signs).toEqual([
      'Busy for 90 % of 4 cores over 10 s.',
      'The generator itself took 1 of the 4 cores.',
      'Processes that are no part of the system took 2 of the 4 cores.',
      '10 % went to other machines on the same host.',
    ]);
  });

  it('says where more load brought waiting instead of answers', () => {
    const model = {
      requests: (level: number) => Math.min(level, 500),
      p95Ms: (level: number) => (level > 500 ? 400 : 20),
    };
    const full = rankBottlenecks(
      run([250, 500, 1000], { ...model, values: (level) => edge(Math.min(0.99, level / 500)) }),
    );
    expect(full[0]?.signs.at(-1)).toBe(
      'From level 500 to 1000 throughput went from 500 to 500 per second, p95 from 20 ms to 400 ms: more load brought waiting, not answers.',
    );
    // Where nothing was busy, the queue is somewhere that is not collected: nobody is accused.
    const idle = rankBottlenecks(run([250, 500, 1000], { ...model, values: () => edge(0.1) }));
    expect(idle[0]?.signs).toEqual([]);
  });

  it('takes three busy seconds of five for saturation, not a single spike', () => {
    const spiky = (seconds: readonly number[]) =>
      rankBottlenecks(
        run([10], { requests: () => 10, values: (_, second) => edge(seconds.includes(second) ? 1 : 0.1) }),
      )[0]?.saturatedAtSecond;
    expect([spiky([2]), spiky([2, 3]), spiky([2, 4, 6]), spiky([1, 3, 7])]).toEqual([null, null, 2, null]);
  });

  it('leaves out the warm-up and seconds of which nothing is known', () => {
    const measured = run([10], { requests: () => 10, values: () => edge(0.2) });
    const warmUp: SystemSecond[] = [{ second: -1, values: edge(1) }];
    const ranked = rankBottlenecks({ ...measured, system: [...warmUp, ...measured.system.slice(0, 5)] });
    expect(ranked[0]).toMatchObject({ utilisation: 0.2, saturatedAtSecond: null });
  });

  it('is empty where nothing could be collected', () => {
    expect(rankBottlenecks(run([10], { requests: () => 10, values: () => ({}) }))).toEqual([]);
  });
});

describe('figures of the parts', () => {
  it('tell what a request demanded of each, by seconds of which both are known', () => {
    const { system, load } = run([100], {
      requests: () => 100,
      values: (_, second) => ({
        'edge.cpu': 0.5,
        'edge.rss': 1000 + second,
        ...(second < 5 && { 'redis.cpu': second === 0 ? 0.3 : 0.1 }),
        'machine.cpu': 0.9,
      }),
    });
    expect(partFigures(system, load)).toEqual([
      { name: 'edge', cpuMean: 0.5, cpuMax: 0.5, rssBytesMax: 1009, demandMs: 5 },
      { name: 'redis', cpuMean: 0.14, cpuMax: 0.3, rssBytesMax: 0, demandMs: 1.4 },
    ]);
  });
});
