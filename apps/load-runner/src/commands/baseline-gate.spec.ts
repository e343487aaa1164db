import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultCompareOptions } from '../analysis/comparison/compare-runs.js';
import type { RunRecord } from '../analysis/record.js';
import type { Baseline } from '../profiles/baseline-schema.js';
import type { Profile } from '../profiles/schema.js';
import { profile } from '../testing/generators.js';
import { runRecord } from '../testing/run-records.js';
import { baselineGate, wantedComparison } from './baseline-gate.js';

const block: Baseline = { against: ['/results/a-*'], minEffect: 0.1, minRuns: 7, decide: ['p95'] };
const says = { baseline: block };
const saysNothing = { baseline: undefined };

describe('what a run is held against', () => {
  it('is what the profile says', () => {
    expect(wantedComparison({}, says)).toEqual({
      against: ['/results/a-*'],
      options: { ...defaultCompareOptions, minEffect: 0.1, minRuns: 7 },
      decide: ['p95'],
    });
  });

  it('is what the command line says, wherever it says something', () => {
    expect(wantedComparison({ baseline: ['b'], minEffect: 2 }, says)).toEqual({
      against: ['b'],
      options: { ...defaultCompareOptions, minEffect: 0.02, minRuns: 7 },
      decide: ['p95'],
    });
  });

  it('is what compare takes, where neither says anything', () => {
    const onlyRuns = { against: ['a'], minEffect: undefined, minRuns: undefined, decide: undefined };
    const wanted = wantedComparison({}, { baseline: onlyRuns });
    expect(wanted?.options).toEqual(defaultCompareOptions);
  });

  it('is nothing with --no-baseline, and without any', () => {
    expect(wantedComparison({ baseline: false }, says)).toBeUndefined();
    expect(wantedComparison({}, saysNothing)).toBeUndefined();
  });

  it('must be something when details of the comparison are given', () => {
    expect(() => wantedComparison({ minRuns: 3 }, saysNothing)).toThrow('there is none');
    expect(() => wantedComparison({ decide: ['p50'], baseline: false }, says)).toThrow('there is none');
  });
});

describe('the gate of a baseline', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-runner-baseline-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const record = (id: string, ms: number, second: number, changes: Partial<Profile> = {}) =>
    runRecord({
      ...{ id, startedAt: new Date(second * 1000), profile: changes },
      milliseconds: Array.from({ length: 50 }, () => ms),
    });
  const earlierRun = (run: RunRecord): void => {
    mkdirSync(join(folder, run.id));
    writeFileSync(join(folder, run.id, 'run.json'), JSON.stringify(run));
  };
  const earlier = (count: number): void => {
    for (let index = 0; index < count; index++) earlierRun(record(`a-${index}`, 40 + index / 10, index));
  };
  const gate = (
    repeat = 5,
    wanted = profile({ baseline: { ...block, against: [join(folder, 'a-*')], minRuns: 5 } }),
  ) => {
    const comparison = wantedComparison({}, wanted);
    if (!comparison) throw new Error('the profile has no baseline');
    return baselineGate(comparison, wanted, repeat);
  };
  const judged = (ms: number): number => {
    const made = gate();
    for (let index = 0; index < 5; index++) made.add(record(`b-${index}`, ms + index / 10, 100 + index));
    return made.judge({ write: () => true });
  };

  it('ends with 121 when the fresh runs are slower by more than matters, and with 0 when they are not', () => {
    earlier(5);
    expect([judged(60), judged(40.05)]).toEqual([121, 0]);
  });

  it('refuses runs that are not there before any load, and says how to make them', () => {
    expect(() => gate()).toThrow(
      /nothing matches ".*a-\*".*With --no-baseline the profile is run without one/,
    );
  });

  it('refuses a comparison that nothing could be concluded from, before any load', () => {
    earlier(4);
    expect(() => gate()).toThrow(
      'the baseline has 4 runs that count, and from fewer than 5 nothing is concluded',
    );
    earlierRun(record('a-4', 40, 4));
    expect(() => gate(4)).toThrow('give --repeat 5');
  });

  it('takes runs of a profile with another baseline, or none, for the same load', () => {
    earlier(4);
    earlierRun(record('a-4', 40, 4, { baseline: { ...block, against: ['/elsewhere'] } }));
    expect(() => gate()).not.toThrow();
  });

  it('refuses runs of another load', () => {
    earlier(4);
    earlierRun(record('a-4', 40, 4, { model: 'open' }));
    expect(() => gate()).toThrow('the baseline run a-4 did something else: model of the profile differs');
  });
});
