// When requests arrive: exactly where the rate's integral says, for any number of workers, and through a change of plan.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Schedule } from '../profiles/schedule.js';
import type { Stage } from '../profiles/schema.js';
import { Arrivals, ExpectedArrivals } from './arrivals.js';

type Process = ConstructorParameters<typeof Arrivals>[1];
const constant: Process = { arrivals: 'constant', seed: 1 };
const poisson: Process = { arrivals: 'poisson', seed: 1 };
const alone = { worker: 0, workers: 1 };

const hold = (level: number, holdMs: number): Stage => ({ level, rampMs: 0, holdMs });
const ramp = (level: number, rampMs: number): Stage => ({ level, rampMs, holdMs: 0 });

function drain(arrivals: Arrivals, untilMs = Infinity): number[] {
  const times: number[] = [];
  while (arrivals.nextMs < untilMs) {
    times.push(arrivals.nextMs);
    arrivals.advance();
  }
  return times;
}
const all = (stages: readonly Stage[], process: Process = constant, share = alone) =>
  drain(new Arrivals(new Schedule(stages), process, share));

/** The expected arrivals by a time, added up in small steps: the definition, to hold the closed form against. */
function integrated(schedule: Schedule, untilMs: number): number {
  const steps = 20_000;
  const stepMs = untilMs / steps;
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += (schedule.levelAt((step + 0.5) * stepMs) / 1000) * stepMs;
  return sum;
}

const stages = fc.array(
  fc.record({
    level: fc.nat({ max: 500 }),
    rampMs: fc.constantFrom(0, 300, 1000),
    holdMs: fc.integer({ min: 1, max: 900 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('arrivals', () => {
  it('at a constant rate come at k/λ, without drift', () => {
    const times = all([hold(300, 100_000)]);
    expect(times).toHaveLength(30_000);
    expect(times[29_999]).toBeCloseTo((29_999 / 300) * 1000, 6);
  });

  it('in a ramp from r at a slope of a come at (−r+√(r²+2ak))/a', () => {
    const times = all([hold(100, 1000), ramp(400, 2000), ramp(0, 4000)]).slice(100);
    const at = (k: number, rate: number, slope: number) =>
      ((-rate + Math.sqrt(rate ** 2 + 2 * slope * k)) / slope) * 1000;
    for (const k of [0, 1, 250, 499]) expect(times[k]).toBeCloseTo(1000 + at(k, 100, 150), 6);
    for (const k of [0, 1, 400, 799]) expect(times[500 + k]).toBeCloseTo(3000 + at(k, 400, -100), 6);
    expect(times).toHaveLength(500 + 800);
  });

  it('are where the integral of the rate says, over any ramps, holds and pauses', () => {
    fc.assert(
      fc.property(stages, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (wanted, part) => {
        const schedule = new Schedule(wanted);
        const expected = new ExpectedArrivals(schedule);
        const atMs = expected.timeMs(expected.total * part);
        if (expected.total < 1) return;
        expect(integrated(schedule, atMs) / expected.total).toBeCloseTo(part, 2);
      }),
      { numRuns: 50 },
    );
  });

  it.each([constant, poisson])('are dealt out to three workers as one has them ($arrivals)', (process) => {
    const wanted = [ramp(200, 500), hold(200, 500), ramp(0, 300)];
    const dealt = [0, 1, 2].map((worker) => all(wanted, process, { worker, workers: 3 }));
    expect(dealt.flat().sort((a, b) => a - b)).toEqual(all(wanted, process));
    expect(dealt.map((times) => times.length).every((count) => count > 50)).toBe(true);
  });

  it('of a Poisson process have exponential gaps, are repeated by their seed, and follow the rate', () => {
    const times = all([hold(100, 100_000), hold(400, 100_000)], poisson);
    expect(times).toEqual(all([hold(100, 100_000), hold(400, 100_000)], poisson));
    expect(times).not.toEqual(all([hold(100, 100_000), hold(400, 100_000)], { ...poisson, seed: 2 }));
    const slow = times.filter((time) => time < 100_000);
    // Ten thousand are within 4 % (four standard deviations) of what is expected.
    expect(Math.abs(slow.length / 10_000 - 1)).toBeLessThan(0.04);
    expect(Math.abs((times.length - slow.length) / 40_000 - 1)).toBeLessThan(0.02);
    const gaps = slow.slice(1).map((time, index) => time - (slow[index] ?? 0));
    const longer = (ms: number) => gaps.filter((gap) => gap > ms).length / gaps.length;
    for (const ms of [2, 10, 20, 30]) expect(Math.abs(longer(ms) - Math.exp(-ms / 10))).toBeLessThan(0.02);
  });

  it('go on without a double or a missing one when the plan changes, with any number of workers', () => {
    const before = new Schedule([ramp(100, 1000), hold(100, 9000)]);
    const after = before.cutAt(2345).followedBy([ramp(300, 1000), hold(300, 1000)]);
    const replanned = (process: Process, worker: number, workers: number) => {
      const arrivals = new Arrivals(before, process, { worker, workers });
      const times = drain(arrivals, 2345);
      arrivals.replan(after);
      return [...times, ...drain(arrivals)];
    };
    for (const process of [constant, poisson]) {
      const whole = drain(new Arrivals(after, process, alone));
      expect(replanned(process, 0, 1)).toEqual(whole);
      const dealt = [0, 1].flatMap((worker) => replanned(process, worker, 2));
      expect(dealt.sort((a, b) => a - b)).toEqual(whole);
    }
  });
});
