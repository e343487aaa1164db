// Judging what was measured: thresholds, the generator, recovery, and which of them has the last word.

import { describe, expect, it } from '@jest/globals';
import { noCounters, type Delta } from '../engine/delta.js';
import { Timeline, type Second } from '../engine/timeline.js';
import type { Profile } from '../profiles/schema.js';
import { delta, health } from '../testing/deltas.js';
import { profile, whole } from '../testing/generators.js';
import { endpoint, endpoints } from '../users/endpoint.js';
import { analyse } from './analyse.js';
import { judgeGenerator } from './generator-verdict.js';
import type { RunRecord } from './record.js';
import { unknownEndpoints } from './thresholds.js';

function record(deltas: readonly Delta[], changes: Partial<Profile> = {}, interrupted = false): RunRecord {
  const wanted = profile({ stages: [{ level: 10, rampMs: 0, holdMs: deltas.length * 1000 }], ...changes });
  const timeline = new Timeline(wanted, 1, () => undefined);
  for (const one of deltas) timeline.add(one);
  timeline.workerDone(0);
  const plan = {
    profile: wanted,
    baseUrl: 'http://127.0.0.1:1',
    seed: 1,
    workers: 1,
    catalogue: { courses: [], departments: [], levels: [], degrees: [] },
  };
  const measurement = {
    plan,
    startedAt: new Date(0),
    measuredMs: deltas.length * 1000,
    interrupted,
    stopped: null,
    timeline,
  };
  const machine = { cpu: 'test', cores: 2, memoryBytes: 1e9, platform: 'test', node: 'v24' };
  return analyse(measurement, { id: 'run', tags: {}, git: null, machine });
}

const thresholdOf = (thresholds: Record<string, string[]>, deltas = [delta(0, [10, 20, 30, 40])]) =>
  record(deltas, {
    thresholds: Object.fromEntries(
      Object.entries(thresholds).map(([selector, conditions]) => [selector, conditions.map(whole)]),
    ),
  }).thresholds[0];

describe('thresholds', () => {
  it.each([
    ['http_req_duration', 'p(100)<=40', true],
    ['http_req_duration', 'avg<25', false],
    ['http_req_duration{name:listCourses}', 'max<41', true],
    ['http_req_duration{expected_response:true}', 'min>=10', true],
    ['http_reqs', 'count==4', true],
    ['http_reqs', 'rate>=4', true],
    ['http_req_failed', 'rate==0', true],
    ['http_req_lost', 'count==0', true],
    ['vus_max', 'value==10', true],
    ['data_received', 'count==400', true],
  ])('%s %s', (metric, condition, ok) => {
    expect(thresholdOf({ [metric]: [condition] })).toMatchObject({ metric, condition, ok });
  });

  it.each([
    ['http_req_duration{name:login}', 'p(95)<500'],
    ['http_req_failed{name:login}', 'rate<0.01'],
    ['http_req_lost{name:login}', 'count==0'],
    ['checks', 'rate>0.9'],
    ['iteration_duration', 'max<1'],
    ['recovery_ratio', 'value<2'],
  ])('%s %s fails for want of samples', (metric, condition) => {
    const result = thresholdOf({ [metric]: [condition] });
    expect(result).toEqual({ metric, condition, ok: false });
  });

  describe('by method and status', () => {
    // Four lists in 10 to 40 ms; of three logins in 100 ms one is refused and one never answered.
    const { endpoints: lists } = delta(0, [10, 20, 30, 40]);
    const logins = delta(0, [100, 100, 100]).endpoints.map((part) => ({
      ...part,
      ...{ endpoint: endpoint('login').index, failed: 2, timeouts: 1 },
      statuses: [
        { status: 200, count: 1 },
        { status: 401, count: 1 },
      ],
    }));
    const mixed = [delta(0, [], { endpoints: [...lists, ...logins] })];

    it.each([
      ['http_req_duration{method:GET}', 'max<=40', true, 40],
      ['http_req_duration{method:POST}', 'min>=100', true, 100],
      ['http_req_duration{method:POST,name:login}', 'med>=100', true, 100],
      ['http_req_failed{method:POST}', 'rate<0.5', false, 2 / 3],
      ['http_req_failed{method:GET}', 'rate==0', true, 0],
      ['http_req_timeouts{method:POST}', 'count==1', true, 1],
      ['http_req_timeouts{method:GET}', 'count==0', true, 0],
      ['http_reqs{method:POST}', 'count==3', true, 3],
      ['http_reqs{status:200}', 'count==5', true, 5],
      ['http_reqs{name:login,status:401}', 'count<1', false, 1],
      ['http_reqs{method:GET,status:401}', 'count==0', true, 0],
      ['http_reqs{status:0}', 'count==1', true, 1],
      ['http_reqs{status:503}', 'count==0', true, 0],
      ['http_reqs{status:503}', 'rate==0', true, 0],
    ])('%s %s', (metric, condition, ok, actual) => {
      const result = thresholdOf({ [metric]: [condition] }, mixed);
      expect(result).toEqual({ metric, condition, ok, actual: expect.closeTo(actual, 1) });
    });

    it.each([
      ['http_req_duration{method:PATCH}', 'p(95)<500'],
      ['http_req_failed{method:PUT}', 'rate<1'],
      ['http_reqs{name:logout,status:503}', 'count==0'],
    ])('%s %s fails, since nothing of the kind was asked', (metric, condition) => {
      expect(thresholdOf({ [metric]: [condition] }, mixed)).toEqual({ metric, condition, ok: false });
    });

    it('is refused before the run where no endpoint could have it', () => {
      const complaints = unknownEndpoints(
        {
          'http_reqs{method:GET}': [],
          'http_reqs{method:PATCH}': [],
          'http_reqs{name:login,method:GET}': [],
        },
        endpoints,
      );
      expect(complaints).toEqual([
        'http_reqs{method:PATCH}: no endpoint is asked with PATCH; they are asked with GET, POST, PUT',
        'http_reqs{name:login,method:GET}: login is asked with POST, never with GET',
      ]);
    });
  });

  it('tells what was measured in the verdict', () => {
    const { verdict } = record([delta(0, [10])], { thresholds: { http_req_duration: [whole('p(95)<5')] } });
    expect(verdict).toEqual({
      exitCode: 99,
      outcome: 'failed',
      reasons: ['http_req_duration p(95)<5: was 10.'],
    });
  });
});

describe('the verdict', () => {
  it('is passed when all thresholds hold', () => {
    expect(record([delta(0, [10])], { thresholds: { http_reqs: [whole('count>0')] } }).verdict).toMatchObject(
      {
        exitCode: 0,
        outcome: 'passed',
      },
    );
  });

  it('is never passed on no requests, even without thresholds', () => {
    expect(record([delta(0, [])]).verdict).toMatchObject({ exitCode: 99, outcome: 'failed' });
  });

  it('is interrupted when the run was, whatever else there is', () => {
    expect(
      record([delta(0, [])], { thresholds: { http_reqs: [whole('count>0')] } }, true).verdict.exitCode,
    ).toBe(105);
  });

  it('is invalid when the generator was the bottleneck, before thresholds are asked', () => {
    const late = { health: { ...health, loopDelayP99Ms: 300 } };
    const deltas = [0, 1, 2, 3].map((second) => delta(second, [10], late));
    expect(record(deltas, { thresholds: { http_reqs: [whole('count>1000')] } }).verdict).toMatchObject({
      exitCode: 120,
      outcome: 'invalid',
    });
  });
});

describe('the generator’s health', () => {
  const second = (changes: Partial<Second>): Second =>
    ({
      ...record([delta(0, [1])]),
      ...{ warmup: false, users: 5, loopDelayP99Ms: 1, loopUtilization: 0.2, generatorCpu: 0.1 },
      ...changes,
    }) as unknown as Second;
  const seconds = (bad: number, good: number, changes: Partial<Second>) => [
    ...Array.from({ length: bad }, () => second(changes)),
    ...Array.from({ length: good }, () => second({})),
  ];

  it('forgives a hiccup', () => {
    expect(judgeGenerator(seconds(2, 8, { loopDelayP99Ms: 500 }), 1).valid).toBe(true);
  });
  it('does not forgive lateness in a fifth of the time', () => {
    const verdict = judgeGenerator(seconds(3, 7, { loopDelayP99Ms: 101 }), 1);
    expect(verdict.valid).toBe(false);
    expect(verdict.explanation).toContain('Other processes of this machine');
  });
  it('does not take a full event loop for a full load', () => {
    const verdict = judgeGenerator(seconds(5, 5, { loopUtilization: 0.99, generatorCpu: 0.98 }), 1);
    expect(verdict.explanation).toContain('Use more --workers');
  });
  it('is not judged by the warm-up', () => {
    expect(judgeGenerator(seconds(5, 5, { loopDelayP99Ms: 500, warmup: true }), 1)).toMatchObject({
      valid: true,
      measuredSeconds: 5,
    });
  });
});

describe('recovery after a spike', () => {
  const stages = [10, 100, 10].map((level) => ({ level, rampMs: 0, holdMs: 4000 }));
  const played = (after: readonly number[]) => {
    const p95s = [20, 20, 20, 20, 900, 900, 900, 900, ...after];
    return record(
      p95s.map((ms, second) =>
        delta(
          second,
          Array.from({ length: 50 }, () => ms),
        ),
      ),
      { stages },
    ).recoveries;
  };

  it('compares p95 before, during and after, and counts the seconds until it is back', () => {
    expect(played([400, 100, 22, 21])).toMatchObject([
      {
        beforeUsers: 10,
        spikeUsers: 100,
        beforeP95Ms: expect.closeTo(20, 1),
        spikeP95Ms: expect.closeTo(900, 0),
        seconds: 2,
      },
    ]);
  });
  it('says when it never came back', () => {
    expect(played([400, 400, 400, 400])).toMatchObject([{ seconds: null }]);
  });
  it('is nothing that a profile without a spike has', () => {
    expect(record([delta(0, [1])]).recoveries).toEqual([]);
  });
});

describe('Little’s law', () => {
  const played = (requestsPerSecond: number) => {
    const counters = {
      ...noCounters(),
      userMs: 10_000,
      busyMs: requestsPerSecond * 10,
      thinkMs: requestsPerSecond * 30,
    };
    const deltas = [0, 1, 2, 3, 4].map((second) =>
      delta(
        second,
        Array.from({ length: requestsPerSecond }, () => 10),
        { counters },
      ),
    );
    return record(deltas).stages[0]?.little;
  };
  // Ten users, 10 ms for an answer, 30 ms of thought: 250 requests a second.
  it('holds for a system measured rightly', () => {
    expect(played(250)).toMatchObject({
      users: 10,
      responseMs: 10,
      thinkMs: 30,
      gap: expect.closeTo(0, 5),
      conclusive: true,
    });
  });
  it('shows a fault by its gap', () => {
    expect(played(200)?.gap).toBeCloseTo(0.2);
  });
});
