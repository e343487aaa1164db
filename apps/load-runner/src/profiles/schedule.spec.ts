import { describe, expect, it } from '@jest/globals';
import { formatDuration, parseDurationMs } from './duration.js';
import { loadProfile } from './profile-folder.js';
import { override, Schedule } from './schedule.js';
import { meanThinkMs, sampleThinkMs, type ThinkTime } from './think-time.js';
import { Random } from '../users/random.js';

const spike = loadProfile('spike');

describe('a schedule', () => {
  const schedule = new Schedule([
    { level: 100, rampMs: 1000, holdMs: 1000 },
    { level: 20, rampMs: 2000, holdMs: 0 },
  ]);

  it.each([
    [-1, 0],
    [0, 0],
    [500, 50],
    [1000, 100],
    [1999, 100],
    [3000, 60],
    [3999, 20],
    [4000, 0],
  ])('has at %d ms %d users', (elapsedMs, users) => {
    expect(Math.round(schedule.levelAt(elapsedMs))).toBe(users);
  });

  it('can start with everybody at once', () => {
    expect(new Schedule([{ level: 7, rampMs: 0, holdMs: 10 }]).levelAt(0)).toBe(7);
  });
});

describe('the command line bends a profile', () => {
  const total = (stages: typeof spike.stages) => new Schedule(stages).durationMs;

  it('--users: the highest stage has so many, the others keep their proportion', () => {
    expect(override(spike, { users: 50 }).stages.map((stage) => stage.level)).toEqual([5, 50, 5, 50]);
    expect(override(spike, { users: 3 }).stages.map((stage) => stage.level)).toEqual([1, 3, 1, 3]);
  });

  it('--run-time: the whole run takes so long', () => {
    expect(total(override(spike, { runTimeMs: 30_000 }).stages)).toBeCloseTo(30_000);
  });

  it('--scale: every duration shrinks, warm-up too; time-outs do not', () => {
    const scaled = override(spike, { scale: 0.1 });
    expect(total(scaled.stages)).toBeCloseTo(18_000);
    expect([scaled.warmupMs, scaled.timeoutMs]).toEqual([1000, 10_000]);
  });

  it('--spawn-rate: ramps take as long as the rate needs, and holds what is left', () => {
    const [first, second] = override(spike, { spawnRatePerSecond: 50 }).stages;
    expect(first).toEqual({ level: 100, rampMs: 2000, holdMs: 58_000 });
    expect(second).toEqual({ level: 1000, rampMs: 18_000, holdMs: 12_000 });
    expect(override(spike, { spawnRatePerSecond: 10 }).stages[1]).toEqual({
      level: 1000,
      rampMs: 90_000,
      holdMs: 0,
    });
  });
});

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['90', 90_000],
    ['abc', undefined],
    ['', undefined],
    ['5 m', undefined],
  ])('%s is %s ms', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });
  it.each([
    [80, '80ms'],
    [12_500, '12.5s'],
    [185_000, '3m05s'],
    [3_720_000, '1h02m'],
  ])('%d ms reads %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});

describe('think time', () => {
  const distributions: ThinkTime[] = [
    { distribution: 'constant', valueMs: 250 },
    { distribution: 'uniform', minMs: 100, maxMs: 500 },
    { distribution: 'exponential', meanMs: 700 },
    { distribution: 'lognormal', medianMs: 600, p95Ms: 1500 },
  ];

  it.each(distributions)('$distribution has the mean it promises', (think) => {
    const random = new Random(1);
    let sum = 0;
    for (let count = 0; count < 200_000; count++) sum += sampleThinkMs(think, random.uniform);
    expect(sum / 200_000 / meanThinkMs(think)).toBeCloseTo(1, 2);
  });

  it('log-normal has the median and the p95 it is given', () => {
    const random = new Random(2);
    const think: ThinkTime = { distribution: 'lognormal', medianMs: 600, p95Ms: 1500 };
    const samples = Array.from({ length: 100_000 }, () => sampleThinkMs(think, random.uniform)).sort(
      (a, b) => a - b,
    );
    expect((samples[50_000] ?? 0) / 600).toBeCloseTo(1, 1);
    expect((samples[95_000] ?? 0) / 1500).toBeCloseTo(1, 1);
  });
});

describe('faults of a scaled profile', () => {
  const chaos = loadProfile('chaos');

  it('come sooner and are shorter, but never under a second', () => {
    expect(override(chaos, { scale: 0.5 }).faults[0]).toMatchObject({ atMs: 10_000, forMs: 2000 });
    expect(override(chaos, { scale: 0.1 }).faults[0]).toMatchObject({ atMs: 2000, forMs: 1000 });
  });
});
