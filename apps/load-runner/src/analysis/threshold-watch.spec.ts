// Thresholds while the run goes on: windows, lamps, and the end of a run that has failed.

import { describe, expect, it } from '@jest/globals';
import type { Delta } from '../engine/delta.js';
import { Timeline } from '../engine/timeline.js';
import { Totals } from '../engine/totals.js';
import type { Profile, Threshold } from '../profiles/schema.js';
import { delta } from '../testing/deltas.js';
import { profile, whole } from '../testing/generators.js';
import { LampChanges } from './lamp-changes.js';
import { SlidingWindow } from './sliding-window.js';
import { ThresholdWatch } from './threshold-watch.js';
import type { LiveThreshold } from './watched-threshold.js';

const answers = (count: number, ms: number) => Array.from({ length: count }, () => ms);
const windowed = (condition: string, seconds: number, more: Partial<Threshold> = {}): Threshold => ({
  ...whole(condition),
  windowMs: seconds * 1000,
  ...more,
});

/** Plays seconds made by hand through a timeline, as a run does. */
function watched(
  deltas: readonly Delta[],
  thresholds: Profile['thresholds'],
  changes: Partial<Profile> = {},
) {
  const wanted = profile({ stages: [{ level: 10, rampMs: 0, holdMs: 60_000 }], thresholds, ...changes });
  const aborts: string[] = [];
  const lamps: LiveThreshold[][] = [];
  const watch = new ThresholdWatch(wanted, (reason) => aborts.push(reason));
  const timeline = new Timeline(wanted, 1, (second, own) => {
    watch.second(second, own, timeline);
    lamps.push(watch.lamps);
  });
  for (const one of deltas) timeline.add(one);
  const [selector = ''] = Object.keys(thresholds);
  return { watch, aborts, lamps, result: watch.result(selector, 0), timeline };
}
const seconds = (count: number, of: (second: number) => Delta) =>
  Array.from({ length: count }, (_, at) => of(at));

describe('a threshold with a window', () => {
  /** 50 good seconds, then 3 in which everything is slow: p95 of the whole stays low. */
  const collapse = seconds(53, (at) => delta(at, at < 50 ? answers(100, 20) : answers(10, 900)));

  it('catches a late collapse that the whole run hides, and tells when', () => {
    const { watch, result } = watched(collapse, {
      http_req_duration: [windowed('p(95)<500', 3), whole('p(95)<500')],
    });
    expect(result).toEqual({
      metric: 'http_req_duration',
      condition: 'p(95)<500',
      windowMs: 3000,
      ok: false,
      actual: expect.closeTo(900, 0),
      worstAtSecond: 52,
    });
    expect(watch.lamps[1]).toMatchObject({ ok: true, actual: expect.closeTo(20, 0) });
  });

  it('takes the percentile of all answers of the window, not the mean of percentiles', () => {
    const deltas = [delta(0, answers(97, 10)), delta(1, answers(3, 1000)), delta(2, answers(100, 10))];
    // 3 of 200 are slow: p95 is 10; the mean of the seconds' p95s would be 340.
    expect(watched(deltas, { http_req_duration: [windowed('p(95)<500', 3)] }).result).toMatchObject({
      ok: true,
      actual: expect.closeTo(10, 1),
    });
  });

  it.each([
    ['http_reqs', 'rate>=90', 70, 3],
    ['http_reqs', 'count<250', 290, 4],
    ['http_reqs', 'count==290', 210, 3],
    ['http_req_duration', 'max<5000', 60, 5],
  ])('%s %s has its worst in the right window', (metric, condition, actual, worstAtSecond) => {
    const counts = [100, 100, 10, 180, 100];
    const deltas = counts.map((count, at) => delta(at, answers(count, at === 4 ? 60 : 10)));
    expect(watched(deltas, { [metric]: [windowed(condition, 3)] }).result).toMatchObject({
      actual: expect.closeTo(actual, 0),
      worstAtSecond,
    });
  });

  it('counts a status within each window, and forgets those that have left it', () => {
    const withUnavailable = (at: number, unavailable: number): Delta => {
      const one = delta(at, answers(10, 10));
      const statuses = [
        { status: 200, count: 10 - unavailable },
        { status: 503, count: unavailable },
      ];
      return { ...one, endpoints: one.endpoints.map((part) => ({ ...part, statuses })) };
    };
    const deltas = [0, 4, 3, 0, 0].map((unavailable, at) => withUnavailable(at, unavailable));
    const selector = 'http_reqs{status:503}';
    const { result, lamps } = watched(deltas, { [selector]: [windowed('count<5', 2)] });
    expect(result).toMatchObject({ ok: false, actual: 7, worstAtSecond: 3 });
    expect(lamps.map(([lamp]) => lamp?.actual)).toEqual([undefined, 4, 7, 3, 0]);
  });

  it('begins after the warm-up', () => {
    const deltas = seconds(6, (at) => delta(at, answers(10, at < 3 ? 900 : 20)));
    const result = watched(
      deltas,
      { http_req_duration: [windowed('p(95)<500', 2)] },
      { warmupMs: 3000 },
    ).result;
    expect(result).toMatchObject({ ok: true, actual: expect.closeTo(20, 0) });
  });

  it('fails when the run was shorter than the window', () => {
    const { result, lamps } = watched(
      seconds(4, (at) => delta(at, [10])),
      {
        http_req_duration: [windowed('p(95)<500', 5)],
      },
    );
    expect(result).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^no stretch of 5s under load/),
    });
    expect(lamps.at(-1)?.[0]?.ok).toBeNull();
  });

  it('fails when a window has no samples although there are users', () => {
    const silent = seconds(6, (at) => delta(at, at === 2 || at === 3 ? [] : [10]));
    const result = watched(silent, { http_req_duration: [windowed('p(95)<500', 2)] }).result;
    expect(result).toMatchObject({
      ok: false,
      reason: 'there were no samples in the 2s up to second 4, which fails',
    });
  });

  it('asks nothing of seconds without load, and no throughput of those next to them', () => {
    const paused = seconds(7, (at) =>
      delta(at, at === 3 || at === 4 ? [] : [10], { users: at === 3 || at === 4 ? 0 : 10 }),
    );
    const thresholds = {
      http_req_duration: [windowed('p(95)<500', 2)],
      http_reqs: [windowed('rate>0.9', 2)],
    };
    const { watch } = watched(paused, thresholds);
    expect([watch.result('http_req_duration', 0)?.ok, watch.result('http_reqs', 0)?.ok]).toEqual([
      true,
      true,
    ]);
  });

  it('sees the time-outs that come in when the load is over already', () => {
    const failed = { ...delta(3, [10]).endpoints[0]!, requests: 50, failed: 50 };
    const deltas = [0, 1, 2].map((at) => delta(at, answers(10, 10)));
    const late = delta(3, [], { users: 0, endpoints: [failed] });
    expect(watched([...deltas, late], { http_req_failed: [windowed('rate<0.5', 2)] }).result).toMatchObject({
      ok: false,
      actual: 50 / 60,
    });
  });

  it('with the tag stage is held against the windows that lie within it', () => {
    const stages = [5, 10].map((level) => ({ level, rampMs: 0, holdMs: 4000 }));
    const deltas = seconds(8, (at) => delta(at, [at < 4 ? 900 : 20]));
    const thresholds = {
      'http_req_duration{stage:5}': [windowed('p(95)<500', 3)],
      'http_req_duration{stage:10}': [windowed('p(95)<500', 3)],
    };
    const { watch } = watched(deltas, thresholds, { stages });
    expect(Object.keys(thresholds).map((selector) => watch.result(selector, 0))).toMatchObject([
      { ok: false, worstAtSecond: 3 },
      { ok: true, worstAtSecond: 7 },
    ]);
  });

  it('narrows down by a tag', () => {
    const deltas = seconds(3, (at) => delta(at, [10]));
    const thresholds = { 'http_req_duration{name:login}': [windowed('p(95)<500', 2)] };
    expect(watched(deltas, thresholds).result).toMatchObject({
      ok: false,
      reason: expect.stringContaining('second 2'),
    });
  });
});

describe('a threshold that may end the run', () => {
  const errors = (at: number): Delta => {
    const one = delta(at, answers(10, 10));
    return { ...one, endpoints: one.endpoints.map((part) => ({ ...part, failed: at >= 5 ? 10 : 0 })) };
  };
  const abort = (more: Partial<Threshold>): Threshold => ({
    ...whole('rate<0.1'),
    abortOnFail: true,
    ...more,
  });

  it('does so once, with the reason, and stays failed', () => {
    const { aborts, result } = watched(seconds(20, errors), { http_req_failed: [abort({})] });
    expect(aborts).toEqual(['ended early, at second 6: http_req_failed rate<0.1: was 0.1667']);
    expect(result).toMatchObject({ ok: false, actual: 1 / 6 });
  });
  it('waits until so much was measured', () => {
    const { aborts } = watched(
      seconds(20, errors),
      { http_req_failed: [abort({ delayAbortEvalMs: 12_000 })] },
      { warmupMs: 2000 },
    );
    expect(aborts).toEqual([expect.stringMatching(/^ended early, at second 14: /)]);
  });
  it('does so by a window, too', () => {
    const { aborts } = watched(seconds(20, errors), { http_req_failed: [abort({ windowMs: 4000 })] });
    expect(aborts).toEqual([
      'ended early, at second 6: http_req_failed rate<0.1 in any 4s: was 0.25 at worst, in the 4s up to second 6',
    ]);
  });
  it('does not when it holds', () => {
    expect(watched(seconds(5, errors), { http_req_failed: [abort({})] }).aborts).toEqual([]);
  });
});

describe('the lamps', () => {
  it('are dark until there is something to tell, and a count that is too low may still grow', () => {
    const { lamps } = watched([delta(0, []), delta(1, [10]), delta(2, [10])], {
      http_req_duration: [whole('p(95)<500')],
      http_reqs: [whole('count>=2')],
    });
    expect(lamps.map((all) => all.map(({ ok }) => ok))).toEqual([
      [null, null],
      [true, null],
      [true, true],
    ]);
  });

  it('are told of when they change for good, once, and not when they flicker', () => {
    const changes = new LampChanges();
    const states = [true, false, true, false, false, false, false, true, true, true];
    const told = states.flatMap((ok, index) =>
      changes.second(index + 1, [
        { metric: 'http_req_failed', condition: 'rate<0.1', windowMs: 0, ok, actual: 0.25 },
      ]),
    );
    expect(told).toEqual([
      'threshold http_req_failed rate<0.1 is failing since second 4 (now 0.25)',
      'threshold http_req_failed rate<0.1 holds again since second 8 (now 0.25)',
    ]);
  });
});

describe('a sliding window', () => {
  it('holds what its seconds hold, and nothing of those that left', () => {
    const wanted = profile();
    const sliding = new SlidingWindow(3);
    const timeline = new Timeline(wanted, 1, (second, own) => sliding.push(second, own));
    const deltas = seconds(50, (at) =>
      delta(
        at,
        answers(20, 1).map((ms, index) => ms + ((index * 37 + at * 13) % 400)),
      ),
    );
    for (const one of deltas) timeline.add(one);
    const fresh = new Totals();
    for (const one of deltas.slice(-3)) fresh.merge(one);
    const figures = ({ totals }: { totals: Totals }) => {
      const all = totals.durations();
      return [totals.sum('requests'), all.count, all.meanMs(), all.percentileMs(50), all.percentileMs(90)];
    };
    expect(figures(sliding)).toEqual(figures({ totals: fresh }));
    expect(sliding.totals.durations().maxMs()).toBeCloseTo(fresh.durations().maxMs(), 0);
    expect(sliding.totals.durations().minMs()).toBeCloseTo(fresh.durations().minMs(), 1);
    expect(sliding.figures.map(({ second }) => second)).toEqual([47, 48, 49]);
  });
});
