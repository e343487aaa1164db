// The generator against servers whose behaviour is known exactly: what it reports must be what happened.

import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { play, profile } from '../testing/generators.js';
import { sleep, step } from '../testing/settled.js';
import { after, TruthServer, type Behaviour } from '../testing/truth-server.js';
import { Random } from '../users/random.js';
import { LatencyHistogram } from './latency-histogram.js';

// Timers of a machine that does other work, too, are late now and then: not what is tested here.
jest.retryTimes(2);

/** Answers after a time drawn by the test, and notes how long it really took, by the clock. */
function timed(truth: LatencyHistogram, draw: () => number): Behaviour {
  return (_request, answer) => {
    const from = performance.now();
    setTimeout(() => {
      answer();
      truth.record((performance.now() - from) * 1000);
    }, draw());
  };
}

describe('the generator', () => {
  it('reports the percentiles of constant, exponential and bimodal service times', async () => {
    const random = new Random(7);
    const draws = [() => 20, () => -Math.log(1 - random.uniform()) * 15, () => (random.chance(0.9) ? 5 : 80)];
    // Users out of step: servers and generators share this thread, and each answer waits for its turn.
    const wanted = profile({
      stages: [{ level: 6, rampMs: 0, holdMs: 1000 }],
      thinkTime: { distribution: 'uniform', minMs: 1, maxMs: 12 },
    });
    await Promise.all(
      draws.map(async (draw) => {
        const truth = new LatencyHistogram();
        const truthful = await new TruthServer(timed(truth, draw)).listen();
        const reported = (await play(truthful.url, wanted).done).total.durations();
        await truthful.kill();
        expect(reported.count).toBe(truth.count);
        for (const percentile of [10, 50, 75, 90, 95]) {
          const exact = truth.percentileMs(percentile);
          expect(Math.abs(reported.percentileMs(percentile) - exact)).toBeLessThan(Math.max(exact * 0.02, 1));
        }
      }),
    );
  });
});

// Mostly waiting for timers, so at the same time.
describe('the generator, when things go wrong or end,', () => {
  const servers: TruthServer[] = [];
  const serving = async (port?: number): Promise<TruthServer> => {
    const server = await new TruthServer().listen(port);
    servers.push(server);
    return server;
  };
  afterAll(() => Promise.all(servers.map((server) => server.kill())));

  it.concurrent('shows a stall of the server to all who were there', async () => {
    const server = await serving();
    let stalled = false;
    server.behaveLike((_request, answer) => setTimeout(answer, stalled ? 300 : 2));
    const playing = play(server.url, profile({ thinkTime: { distribution: 'constant', valueMs: 20 } }));
    await sleep(300);
    stalled = true;
    await sleep(100);
    stalled = false;
    const all = (await playing.done).total.durations();
    expect(all.maxMs()).toBeGreaterThan(299);
    expect(all.maxMs()).toBeLessThan(400);
  });

  it.concurrent(
    'has time-outs in the histogram, at their full length, and counts them as failed',
    async () => {
      const server = await serving();
      server.behaveLike((request, answer) => (request.index % 4 === 3 ? undefined : answer()));
      const timeline = await play(
        server.url,
        profile({
          timeoutMs: 150,
          stages: [{ level: 4, rampMs: 0, holdMs: 600 }],
          thinkTime: { distribution: 'constant', valueMs: 10 },
        }),
      ).done;
      const { total } = timeline;
      expect(total.sum('timeouts')).toBeGreaterThan(4);
      expect(total.sum('failed')).toBe(total.sum('timeouts'));
      expect(total.durations().maxMs()).toBe(150);
      expect(total.durations('ok').maxMs()).toBeLessThan(140);
      expect(total.durations().count).toBe(total.sum('requests'));
      expect(total.errors).toMatchObject([{ reason: 'timeout', count: total.sum('timeouts') }]);
    },
  );

  it.concurrent(
    'counts what a killed server lost and refused, and is right again when it is back',
    async () => {
      const server = await serving();
      server.behaveLike(after(() => 30));
      const wanted = profile({
        stages: [{ level: 10, rampMs: 0, holdMs: 1300 }],
        thinkTime: { distribution: 'uniform', minMs: 5, maxMs: 15 },
      });
      const playing = play(server.url, wanted);
      await sleep(400);
      const { port } = server;
      await server.kill();
      await sleep(300);
      (await serving(port)).behaveLike(after(() => 30));
      const { total } = await playing.done;
      expect(total.sum('lost')).toBeGreaterThan(0);
      // Ten connections, one request each.
      expect(total.sum('lost')).toBeLessThanOrEqual(10);
      expect(total.sum('refused')).toBeGreaterThan(10);
      // 300 ms with growing pauses: no storm.
      expect(total.sum('refused')).toBeLessThan(100);
      expect(total.sum('failed')).toBe(total.sum('lost') + total.sum('refused'));
      // Latencies are not shifted: each is one service time, before and after.
      expect(total.durations().minMs()).toBeGreaterThan(28);
      expect(total.durations().percentileMs(75)).toBeLessThan(55);
    },
  );

  it.concurrent(
    'waits for answers under way when it stops, but not for ever: the rest is censored',
    async () => {
      const server = await serving();
      server.behaveLike((request, answer) => setTimeout(answer, request.index % 2 === 0 ? 100 : 5000));
      const wanted = profile({
        stages: [{ level: 6, rampMs: 0, holdMs: 50 }],
        gracefulStopMs: 300,
        timeoutMs: 9000,
      });
      const from = performance.now();
      const { total } = await play(server.url, wanted).done;
      expect(performance.now() - from).toBeLessThan(700);
      expect(total.sum('requests')).toBe(3);
      expect(total.sum('failed')).toBe(0);
      expect(total.counters.censored).toBe(3);
    },
  );

  it.concurrent('can be stopped early', async () => {
    const server = await serving();
    server.behaveLike(after(() => 5));
    const playing = play(server.url, profile({ stages: [{ level: 3, rampMs: 0, holdMs: 60_000 }] }));
    await sleep(200);
    playing.stop();
    const { total } = await playing.done;
    expect(total.sum('requests')).toBeGreaterThan(20);
  });

  it.concurrent(
    'plays the same load with two workers as with one, and adds their histograms up',
    async () => {
      const server = await serving();
      const truth = new LatencyHistogram();
      server.behaveLike(timed(truth, () => 10));
      const timeline = await play(server.url, profile({ stages: [{ level: 7, rampMs: 0, holdMs: 500 }] }), {
        workers: 2,
      }).done;
      expect(server.connections).toBe(7);
      expect(timeline.total.durations().count).toBe(truth.count);
      expect(timeline.seconds[0]?.users).toBe(7);
    },
  );

  it.concurrent('lets users come and go as the stages say, by a straight line', async () => {
    const server = await serving();
    const open: number[] = [];
    server.behaveLike(after(() => 2));
    const stages = [
      { level: 20, rampMs: 400, holdMs: 200 },
      { level: 5, rampMs: 0, holdMs: 300 },
    ];
    const playing = play(
      server.url,
      profile({ stages, thinkTime: { distribution: 'constant', valueMs: 1 } }),
    );
    for (const at of [200, 350, 250]) {
      await sleep(at);
      open.push(server.sockets.size);
    }
    await playing.done;
    expect(Math.abs((open[0] ?? 0) - 10)).toBeLessThanOrEqual(3);
    expect(open.slice(1)).toEqual([20, 5]);
  });

  it.concurrent('keeps the warm-up in the time series and out of the summary', async () => {
    const server = await serving();
    server.behaveLike(after((request) => (request.index < 5 ? 200 : 5)));
    const wanted = profile({
      warmupMs: 1000,
      stages: [{ level: 5, rampMs: 0, holdMs: 1400 }],
      thinkTime: { distribution: 'constant', valueMs: 10 },
    });
    const { measured, total, seconds } = await play(server.url, wanted).done;
    expect(total.durations().maxMs()).toBeGreaterThan(199);
    expect(measured.durations().maxMs()).toBeLessThan(150);
    expect(seconds.map((second) => second.warmup).slice(0, 2)).toEqual([true, false]);
    expect(seconds.reduce((sum, second) => sum + second.requests, 0)).toBe(total.sum('requests'));
  });

  it.concurrent('counts an answer that a journey cannot read, and goes on', async () => {
    const server = await serving();
    server.behaveLike((_request, answer) => answer('<html>not json'));
    const playing = play(
      server.url,
      profile({
        stages: [{ level: 1, rampMs: 0, holdMs: 100 }],
        thinkTime: { distribution: 'constant', valueMs: 5 },
      }),
      {
        journey: function* () {
          (yield step()).json();
        },
      },
    );
    const { total } = await playing.done;
    expect(total.checks).toMatchObject([{ name: 'answers can be read', passes: 0 }]);
    // The last answer may come when its user is leaving, and nobody reads it.
    const unread = total.sum('requests') - (total.checks[0]?.fails ?? 0);
    expect([0, 1]).toContain(unread);
    expect(total.errors[0]?.reason).toContain('unreadable answer');
  });
});
