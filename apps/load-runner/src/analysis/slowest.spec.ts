import { describe, expect, it } from '@jest/globals';
import type { SlowExchange } from '../engine/slowest-requests.js';
import { Schedule } from '../profiles/schedule.js';
import { endpoint } from '../users/endpoint.js';
import { slowRequests } from './slowest.js';

const startedAt = new Date('2026-01-02T03:04:05Z');
const schedule = new Schedule([
  { level: 5, rampMs: 1000, holdMs: 4000 },
  { level: 50, rampMs: 2000, holdMs: 3000 },
]);
const wanted = (afterMs: number, changes: Partial<SlowExchange> = {}): SlowExchange => ({
  ...{ traceId: 'a', sampled: true, endpoint: endpoint('getCourse').index, path: '/courses/7' },
  ...{ status: 200, outcome: 'answered', responseMs: 12.34567, serviceMs: 11 },
  wantedAtEpochMs: startedAt.getTime() + afterMs,
  ...changes,
});

describe('slowRequests', () => {
  it('names the endpoint and what was asked of it', () => {
    expect(slowRequests([wanted(2500)], startedAt, schedule)).toEqual([
      {
        ...{ traceId: 'a', sampled: true, endpoint: 'getCourse', method: 'GET', path: '/courses/{id}' },
        ...{ requestPath: '/courses/7', status: 200, outcome: 'answered' },
        ...{ responseMs: 12.346, serviceMs: 11, second: 2, stage: 0 },
      },
    ]);
  });

  it.each([
    ['a moment before the first second, by the clock of its thread', -0.4, 0, 0],
    ['in the ramp of a stage', 5000, 5, 1],
    ['in the last moment of a stage', 4999.9, 4, 0],
    ['after the last stage', 10_500, 10, 1],
  ])('tells second and stage of one that was wanted %s', (_when, afterMs, second, stage) => {
    const [slow] = slowRequests([wanted(afterMs, { responseMs: 8000 })], startedAt, schedule);
    expect([slow?.second, slow?.stage]).toEqual([second, stage]);
  });
});
