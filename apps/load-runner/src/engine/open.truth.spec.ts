// The open model against a server that knows what it did: service and response times must be the true ones.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { play, profile } from '../testing/generators.js';
import { answerText, evenly, TruthServer, type Behaviour, type Request } from '../testing/truth-server.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Profile } from '../profiles/schema.js';
import { LatencyHistogram } from './latency-histogram.js';

const open = (rate: number, holdMs: number, changes: Partial<Profile> = {}): Profile =>
  profile({ model: 'open', stages: [{ level: rate, rampMs: 0, holdMs }], ...changes });

function histogram(milliseconds: readonly number[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const ms of milliseconds) all.record(ms * 1000);
  return all;
}

/** Within 2 %, or 0.2 ms. */
function expectTrue(
  reported: LatencyHistogram,
  trueMs: (percentile: number) => number,
  percentiles: readonly number[],
): void {
  const wrong = percentiles
    .map((percentile) => ({
      percentile,
      reportedMs: reported.percentileMs(percentile),
      trueMs: trueMs(percentile),
    }))
    .filter((one) => Math.abs(one.reportedMs - one.trueMs) > Math.max(one.trueMs * 0.02, 0.2));
  expect(wrong).toEqual([]);
}

const percentiles = [50, 75, 90, 95, 99, 99.9, 100];

// Time stands still while bytes are on their way, so what the server did and what a user felt is one and the same.
describe('service and response time of the open model', () => {
  let clock: VirtualClock;
  beforeEach(() => {
    clock = new VirtualClock().install();
  });
  afterEach(() => clock.uninstall());

  /** Answers after exactly that time. */
  const precisely =
    (delayMs: (request: Request) => number): Behaviour =>
    (request, answer) =>
      void clock.at(clock.now + delayMs(request), answer);

  async function played(behaviour: Behaviour, wanted: Profile) {
    const server = await new TruthServer(behaviour).listen();
    const playing = play(server.url, wanted);
    const { total, stages } = await clock.run(playing.done, () => playing.inFlight() === server.awaited);
    await server.kill();
    return { server, total, stages, startedAt: playing.startedAt };
  }

  const rate = 160;
  const count = 960;
  const distributions: Record<string, (probability: number) => number> = {
    constant: () => 25,
    exponential: (probability) => -Math.log(1 - probability) * 25,
    bimodal: (probability) => (probability < 0.92 ? 5 : 120),
    'sub-millisecond': (probability) => 0.2 + probability / 2,
  };

  it.each(Object.entries(distributions))('are true for %s service times', async (_name, quantile) => {
    const wanted = open(rate, (count / rate) * 1000);
    const { server, total, startedAt } = await played(precisely(evenly(count, quantile)), wanted);
    expect(total.sum('requests')).toBe(count);
    // What the distribution says: the value of the probability, of so many evenly spread ones.
    const analytic = (percentile: number) =>
      quantile((Math.max(1, Math.ceil((percentile / 100) * count)) - 0.5) / count);
    expectTrue(total.durations(), analytic, percentiles);
    expectTrue(total.responses(), analytic, percentiles);
    // And what the server knows it did, from the moment that the k-th request was due, or came if that was before.
    const known = histogram(
      server.served.map(({ receivedAt, answeredAt }, index) => {
        return answeredAt - Math.min(startedAt + (index / rate) * 1000, receivedAt);
      }),
    );
    expectTrue(total.responses(), (percentile) => known.percentileMs(percentile), percentiles);
  });

  it('start within a millisecond of their time, at any rate', async () => {
    const { server, startedAt } = await played(
      precisely(() => 3),
      open(773, 1500),
    );
    expect(server.requests).toBe(Math.ceil(773 * 1.5));
    const apart = server.served.map(({ receivedAt }, index) => receivedAt - startedAt - (index / 773) * 1000);
    expect(Math.max(...apart.map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('tells what a stall of one second did to all who arrived in it, though only twenty were under way', async () => {
    const [fromMs, toMs, endMs] = [1000, 2000, 5000];
    const startedAt = clock.now;
    const { total, server } = await played(
      (_request, answer) => {
        const atMs = clock.now - startedAt;
        clock.at(atMs >= fromMs && atMs < toMs ? startedAt + toMs : clock.now + 1, answer);
      },
      open(100, endMs, { maxInFlight: 20 }),
    );
    const arrivals = Array.from({ length: 500 }, (_, index) => index * 10);
    expect(total.counters).toMatchObject({ offered: 500, started: 500, dropped: 0 });
    expect(server.connections).toBe(20);
    // Those who queue in the stall are then served twenty at a time, in 1 ms each.
    const truth = histogram(
      arrivals.map((at) => {
        if (at < fromMs || at >= toMs) return 1;
        const rank = (at - fromMs) / 10;
        return toMs - at + Math.floor(rank / 20);
      }),
    );
    expectTrue(total.responses(), (percentile) => truth.percentileMs(percentile), percentiles);
    // Coordinated omission, for comparison: only twenty of five hundred service times know of it.
    expect(total.durations().percentileMs(95)).toBeLessThan(2);
  });

  it('are of the right requests under resets, truncated bodies and slow drips', async () => {
    const text = answerText('{"items": []}');
    const { server, total } = await played(
      (request, answer) => {
        const { socket, index } = request;
        const then = (ms: number, what: () => void) => void clock.at(clock.now + ms, what);
        const atLast = (ms: number, what: () => void) =>
          then(ms, () => {
            request.answered();
            what();
          });
        if (index % 10 === 3) atLast(5, () => socket.resetAndDestroy());
        else if (index % 10 === 5) atLast(5, () => socket.end(text.slice(0, -5)));
        else if (index % 10 === 7) {
          socket.write(text.slice(0, 30));
          then(40, () => socket.write(text.slice(30, -3)));
          atLast(80, () => socket.write(text.slice(-3)));
        } else then(20, answer);
      },
      open(200, 2500),
    );
    expect(total.counters).toMatchObject({ offered: 500, started: 500, dropped: 0, resent: 0 });
    expect(total.sum('requests')).toBe(500);
    expect(total.sum('lost')).toBe(100);
    const errors = total.errors.map(({ reason, count: times }) => [reason, times]).sort();
    expect(errors).toEqual([
      ['reset', 50],
      ['truncated', 50],
    ]);
    // 350 of 400 take 20 ms, 50 take 80: nobody has somebody else's answer.
    const truth = (percentile: number) => (percentile <= 87.5 ? 20 : 80);
    expectTrue(total.durations(), truth, [0, 50, 87, 88, 100]);
    expectTrue(total.responses(), truth, [0, 50, 87, 88, 100]);
    // A connection for each that was under way at once, and a new one for each that broke.
    expect(server.connections).toBeLessThan(100 + 20);
  });

  it('are right again as soon as a killed server is back; meanwhile every arrival learns that it is away', async () => {
    const servers = [await new TruthServer(precisely(() => 12)).listen()];
    const playing = play(servers[0]?.url ?? '', open(200, 3000));
    const { port = 0 } = servers[0] ?? {};
    clock.at(playing.startedAt + 1002, () => void servers[0]?.kill());
    clock.at(playing.startedAt + 2002, () => {
      const next = new TruthServer(precisely(() => 12));
      servers.push(next);
      void next.listen(port);
    });
    const awaited = () => servers.reduce((sum, server) => sum + server.awaited, 0);
    const { total } = await clock.run(playing.done, () => playing.inFlight() === awaited());
    await servers[1]?.kill();
    expect(total.counters).toMatchObject({ offered: 600, started: 600, dropped: 0 });
    const served = servers.reduce((sum, server) => sum + server.requests, 0);
    expect(total.sum('refused')).toBe(600 - served);
    expect(Math.abs(total.sum('refused') - 200)).toBeLessThanOrEqual(2);
    // 200/s of 12 ms each: two or three were under way.
    expect(total.sum('lost')).toBeGreaterThanOrEqual(2);
    expect(total.sum('lost')).toBeLessThanOrEqual(4);
    expectTrue(total.responses(), () => 12, [0, 50, 99, 100]);
  });

  it('counts a time-out from where each begins: at the request, and at the arrival', async () => {
    // One connection, an arrival each 50 ms, each answered in 60: the tenth waits for 90 ms, and is never answered.
    const stages = [
      { level: 20, rampMs: 0, holdMs: 500 },
      { level: 0, rampMs: 0, holdMs: 500 },
    ];
    const wanted = open(20, 500, { stages, maxInFlight: 1, timeoutMs: 200 });
    const { total } = await played((request, answer) => {
      if (request.index < 9) precisely(() => 60)(request, answer);
    }, wanted);
    expect(total.sum('timeouts')).toBe(1);
    expectTrue(total.durations('unexpected'), () => 200, [0, 100]);
    expectTrue(total.responses('unexpected'), () => 290, [0, 100]);
  });

  it('add up: present requests are arrivals times response time, and achieved is what was offered', async () => {
    const { stages, server } = await played(
      precisely(evenly(1200, distributions['exponential'] ?? (() => 0))),
      open(400, 3000, { arrivals: 'poisson' }),
    );
    const { counters, requests } = stages[0] ?? { counters: undefined, requests: 0 };
    expect(counters?.started).toBe(counters?.offered);
    expect(Math.abs(requests - server.requests)).toBeLessThan(25);
    expect((counters?.userMs ?? 0) / (counters?.busyMs ?? 1)).toBeCloseTo(1, 1);
  });
});
