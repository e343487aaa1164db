import { describe, expect, it } from '@jest/globals';
import { Schedule } from '../profiles/schedule.js';
import { LoadPlan } from './load-plan.js';

describe('the plan of a run that is changed under way', () => {
  const stages = [
    { level: 100, rampMs: 10_000, holdMs: 20_000 },
    { level: 500, rampMs: 10_000, holdMs: 20_000 },
  ];

  it('is the profile’s until somebody changes it', () => {
    const plan = new LoadPlan(stages);
    expect(plan.phases).toEqual(new Schedule(stages).phases);
    expect(plan.durationMs).toBe(60_000);
    expect(plan.phaseAt(30_000)?.level).toBe(500);
  });

  it('replaces what is left by one stage to the planned end', () => {
    const plan = new LoadPlan(stages);
    expect(plan.edit({ level: 40, spawnRatePerSecond: 20 }, 25_000)).toEqual([
      { level: 40, rampMs: 3000, holdMs: 32_000 },
    ]);
    expect(plan.phases).toEqual([
      { level: 100, fromMs: 0, steadyFromMs: 10_000, toMs: 25_000 },
      { level: 40, fromMs: 25_000, steadyFromMs: 28_000, toMs: 60_000 },
    ]);
  });

  it('in the middle of a ramp it goes on from there', () => {
    const plan = new LoadPlan(stages);
    // Half of the way from 100 to 500 users.
    expect(plan.edit({ level: 200, spawnRatePerSecond: 10 }, 35_000)).toEqual([
      { level: 200, rampMs: 10_000, holdMs: 15_000 },
    ]);
  });

  it('a ramp that takes longer than what is left puts the end off', () => {
    const plan = new LoadPlan(stages);
    plan.edit({ level: 1500, spawnRatePerSecond: 100 }, 55_000);
    expect(plan.durationMs).toBe(65_000);
  });

  it('takes a new length from now on, and a level at once when no rate is given', () => {
    const plan = new LoadPlan(stages);
    expect(plan.edit({ runTimeMs: 5000 }, 25_000)).toEqual([{ level: 100, rampMs: 0, holdMs: 5000 }]);
    expect(plan.durationMs).toBe(30_000);
    expect(plan.edit({ level: 7 }, 26_000)).toEqual([{ level: 7, rampMs: 0, holdMs: 4000 }]);
  });
});
