// A run and its parts: what threads are told to play, whichever process they belong to, and how it is ended early.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Profile } from '../profiles/schema.js';
import { askOnce, profile } from '../testing/generators.js';
import { TruthServer } from '../testing/truth-server.js';
import { Generator } from './generator.js';
import type { WorkerOrder } from './messages.js';
import { startRun, type Measurement, type RunningLoad, type RunPlan, type SpawnThread } from './run.js';

const plan = {
  ...{ baseUrl: 'http://127.0.0.1:1', seed: 5, workers: 1 },
  catalogue: { courses: [], departments: [], levels: [], degrees: [] },
};

function ordersOf(changes: Partial<RunPlan>): WorkerOrder[] {
  const orders: WorkerOrder[] = [];
  startRun({ ...plan, profile: profile(), startAtEpochMs: 1, ...changes }, undefined, (order) => {
    orders.push(order);
    return { post: () => undefined };
  });
  return orders;
}

/** What a worker's thread does, in this one. */
const inThisThread: SpawnThread = (order, onMessage) => {
  const generator = new Generator(order, onMessage, () => askOnce);
  setImmediate(() => generator.start());
  return {
    post: (message) => {
      if (message.type === 'stop') generator.stop();
      else generator.replan(message.atMs, message.stages);
    },
  };
};
const played = (wanted: RunPlan): RunningLoad => startRun(wanted, undefined, inThisThread);

describe('a run', () => {
  it.each([
    [3, 1],
    [2, 2],
    [1, 6],
  ])('in %d processes of %d workers is that of one process with all of them', (of, workers) => {
    const parts = Array.from({ length: of }, (_, index) => ordersOf({ shard: { index, of }, workers }));
    expect(parts.flat()).toEqual(ordersOf({ workers: of * workers }));
    expect(parts.flat().map(({ worker }) => worker)).toEqual(
      Array.from({ length: of * workers }, (_, n) => n),
    );
  });

  let server: TruthServer;
  beforeEach(async () => {
    server = await new TruthServer().listen();
  });
  afterEach(() => server.kill());

  const endless = { level: 0, rampMs: 0, holdMs: 60_000 };
  const models: [string, Partial<Profile>][] = [
    ['closed', { stages: [{ ...endless, level: 8 }], thinkTime: { distribution: 'constant', valueMs: 5 } }],
    ['open', { model: 'open', stages: [{ ...endless, level: 200 }], maxInFlight: 8, maxQueue: 10_000 }],
  ];

  /** Most answers take 30 ms, every twentieth never comes; ended once some were asked. */
  async function endedEarly(
    changes: Partial<Profile>,
    reasons: (string | undefined)[],
  ): Promise<Measurement> {
    const asked = new Promise<void>((resolve) => {
      server.behaveLike(({ index }, answer) => {
        if (index % 20 < 19) setTimeout(answer, 30);
        if (index === 60) resolve();
      });
    });
    const wanted = profile({ gracefulStopMs: 400, timeoutMs: 10_000, ...changes });
    const running = played({ ...plan, workers: 2, baseUrl: server.url, profile: wanted });
    await Promise.race([asked, running.finished]);
    for (const reason of reasons) running.stop(reason);
    return running.finished;
  }

  it.each(models)(
    'of the %s model that is stopped drains what is answered in time, censors the rest, and keeps its data',
    async (_model, changes) => {
      const { timeline, stopped, interrupted } = await endedEarly(changes, ['enough is known', 'too late']);
      expect([stopped, interrupted]).toEqual([{ reason: 'enough is known' }, false]);
      const { total } = timeline;
      const { counters } = total;
      const unanswered = server.served.filter(({ answeredAt }) => Number.isNaN(answeredAt)).length;
      expect(unanswered).toBeGreaterThan(0);
      // Every request that the server saw is accounted for, and none of them as a failure.
      expect(counters.censored).toBe(unanswered);
      expect(total.sum('requests')).toBe(server.requests - unanswered);
      expect(total.sum('failed')).toBe(0);
      expect(counters.started + counters.dropped).toBe(counters.offered);
      expect(counters.started).toBe(server.requests);
      expect(timeline.seconds.reduce((sum, second) => sum + second.requests, 0)).toBe(total.sum('requests'));
    },
  );

  it.each(models)(
    'of the %s model that is stopped for no reason was interrupted',
    async (_model, changes) => {
      const { stopped, interrupted, timeline } = await endedEarly(changes, [undefined, 'too late']);
      expect([stopped, interrupted]).toEqual([null, true]);
      expect(timeline.total.sum('requests')).toBeGreaterThan(20);
    },
  );

  it('is played by three parts to the same arrival as by one', async () => {
    const startAtEpochMs = Date.now();
    const wanted = profile({
      ...{ model: 'open', arrivals: 'poisson' },
      stages: [{ level: 100, rampMs: 500, holdMs: 500 }],
    });
    const whole = { ...plan, baseUrl: server.url, profile: wanted, startAtEpochMs };
    const parts = await Promise.all(
      [0, 1, 2].map((index) => played({ ...whole, shard: { index, of: 3 } }).finished),
    );
    const one = await played(whole).finished;
    const offered = ({ timeline }: Measurement): number => timeline.total.counters.offered;
    expect(parts.reduce((sum, part) => sum + offered(part), 0)).toBe(offered(one));
    expect(Math.max(...parts.map(offered)) - Math.min(...parts.map(offered))).toBeLessThanOrEqual(1);
    expect(parts.map(({ startedAt }) => startedAt.getTime())).toEqual(Array(3).fill(startAtEpochMs));
  });
});
