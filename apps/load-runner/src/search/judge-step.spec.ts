// What makes a rate sustainable, with steps made by hand.

import { describe, expect, it } from '@jest/globals';
import { noCounters, type Delta } from '../engine/delta.js';
import { Timeline } from '../engine/timeline.js';
import { Totals } from '../engine/totals.js';
import { delta, health } from '../testing/deltas.js';
import { profile } from '../testing/generators.js';
import { judgeStep, type StepRules } from './judge-step.js';

const rules: StepRules = {
  slo: { http_req_response: ['p(95)<500'], http_req_failed: ['rate<0.01'] },
  workers: 1,
  calmMs: 10,
};

/** Five seconds at 100/s; `responseMs` is what users felt, the service itself takes 10 ms. */
function held(change: {
  offered?: number;
  answered?: number;
  responseMs?: number;
  failed?: number;
  dropped?: number;
  late?: boolean;
}) {
  const {
    offered = 100,
    answered = offered,
    responseMs = 10,
    failed = 0,
    dropped = 0,
    late = false,
  } = change;
  const answers = (ms: number) => Array.from({ length: answered }, () => ms);
  const totals = new Totals();
  const timeline = new Timeline(profile(), 1, (_second, deltas) =>
    deltas.forEach((one) => totals.merge(one)),
  );
  for (let second = 0; second < 5; second++) {
    const felt = delta(second, answers(responseMs)).endpoints[0]?.ok;
    const one: Delta = delta(second, answers(10), {
      counters: { ...noCounters(), offered, started: offered - dropped, dropped },
      health: late ? { ...health, loopDelayP99Ms: 400 } : health,
    });
    timeline.add({
      ...one,
      endpoints: one.endpoints.map((part) => ({ ...part, failed, responseOk: felt })),
    });
  }
  return judgeStep({ ratePerSecond: offered, totals, seconds: timeline.seconds }, rules);
}

describe('a step', () => {
  it('is sustainable when what is offered is answered in time', () => {
    const { outcome, figures } = held({});
    expect(outcome).toBe('sustainable');
    expect(figures).toMatchObject({
      ...{ ratePerSecond: 100, offeredPerSecond: 100, achievedPerSecond: 100, failedShare: 0 },
      ...{ sustainable: true, reason: '', p95Ms: expect.closeTo(10, 1) },
    });
  });

  it.each([
    ['too little is answered', { answered: 97 }, 'only 97.0 % of what was offered was answered as expected'],
    ['answers are failures', { failed: 2 }, 'http_req_failed rate<0.01: was 0.02'],
    [
      'users wait, although the service itself is quick',
      { responseMs: 900 },
      'http_req_response p(95)<500: was 900',
    ],
    [
      'requests are dropped',
      { dropped: 1 },
      '5 of 500 requests were dropped: all connections busy, queue full',
    ],
    [
      'nothing is answered',
      { answered: 0 },
      'http_req_response p(95)<500: there were no samples, which fails',
    ],
  ])('is broken when %s', (_name, change, reason) => {
    const { outcome, figures } = held(change);
    expect([outcome, figures.reason]).toEqual(['broken', reason]);
  });

  it('is not blamed for what is always under way', () => {
    // 100/s that take 10 ms: one is under way at any time, and they may cluster.
    expect(held({ answered: 99 }).outcome).toBe('sustainable');
  });

  it('says nothing about the system when the generator did not keep up', () => {
    const { outcome, figures } = held({ late: true, answered: 50 });
    expect([outcome, figures.reason]).toEqual([
      'unclear',
      expect.stringContaining('The generator was the bottleneck'),
    ]);
  });
});
