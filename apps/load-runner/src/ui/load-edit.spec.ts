import { describe, expect, it } from '@jest/globals';
import { Schedule } from '../profiles/schedule.js';
import { restOfRun } from './load-edit.js';

describe('a change of the load in mid-run', () => {
  const schedule = new Schedule([
    { level: 100, rampMs: 10_000, holdMs: 20_000 },
    { level: 500, rampMs: 10_000, holdMs: 20_000 },
  ]);

  it('replaces what is left by one stage to the planned end', () => {
    expect(restOfRun(schedule, { level: 40, spawnRatePerSecond: 20 }, 25_000)).toEqual({
      level: 40,
      rampMs: 3000,
      holdMs: 32_000,
    });
  });

  it('goes on from where a ramp is', () => {
    // Half of the way from 100 to 500 users.
    expect(restOfRun(schedule, { level: 200, spawnRatePerSecond: 10 }, 35_000)).toEqual({
      level: 200,
      rampMs: 10_000,
      holdMs: 15_000,
    });
  });

  it('lets a ramp that takes longer than what is left put the end off', () => {
    expect(restOfRun(schedule, { level: 1500, spawnRatePerSecond: 100 }, 55_000)).toEqual({
      level: 1500,
      rampMs: 10_000,
      holdMs: 0,
    });
  });

  it('changes the level at once when no spawn rate is given', () => {
    expect(restOfRun(schedule, { level: 7 }, 26_000)).toEqual({ level: 7, rampMs: 0, holdMs: 34_000 });
  });

  it('keeps the level and takes a new length from now on', () => {
    expect(restOfRun(schedule, { runTimeMs: 5000 }, 25_000)).toEqual({ level: 100, rampMs: 0, holdMs: 5000 });
  });
});
