// The open model against servers whose behaviour is known exactly: arrivals at their time, waiting and dropping told apart.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLittle } from '../analysis/little.js';
import { play, profile } from '../testing/generators.js';
import { after, TruthServer, type Behaviour } from '../testing/truth-server.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Profile } from '../profiles/schema.js';

const open = (rate: number, holdMs: number, changes: Partial<Profile> = {}): Profile =>
  profile({ model: 'open', stages: [{ level: rate, rampMs: 0, holdMs }], ...changes });

// Time stands still while bytes are on their way: exact, however busy the machine is.
let clock: VirtualClock;
beforeEach(() => {
  clock = new VirtualClock().install();
});
afterEach(() => clock.uninstall());

async function played(behaviour: Behaviour, wanted: Profile, workers = 1) {
  const server = await new TruthServer(behaviour).listen();
  const playing = play(server.url, wanted, { workers });
  const timeline = await clock.run(playing.done, () => playing.inFlight() === server.awaited);
  await server.kill();
  return { server, timeline, counters: timeline.total.counters };
}

describe('the open driver', () => {
  it('starts every arrival, whether or not earlier ones were answered', async () => {
    const { server, timeline, counters } = await played(
      after(() => 400),
      open(200, 1000),
    );
    expect(counters).toMatchObject({ offered: 200, started: 200, dropped: 0 });
    expect(server.requests).toBe(200);
    expect(timeline.total.sum('requests')).toBe(200);
    // 200/s × 0.4 s
    expect(Math.abs(server.connections - 80)).toBeLessThanOrEqual(1);
  });

  it('uses the connection that was free last, and few of them', async () => {
    const { server } = await played((_request, answer) => answer(), open(300, 500));
    expect(server.requests).toBe(150);
    expect(server.connections).toBeLessThan(20);
  });

  it('queues what finds no connection, in order, and counts the wait as response time', async () => {
    // One connection, 20 ms each: 50/s of the 100/s that arrive.
    const wanted = open(100, 500, { maxInFlight: 1, maxQueue: 1000 });
    const { timeline, counters } = await played(
      after(() => 20),
      wanted,
    );
    const { total } = timeline;
    expect(counters.offered).toBe(50);
    expect(counters.dropped).toBeGreaterThan(20);
    expect(counters.started + counters.dropped).toBe(50);
    expect(total.sum('requests')).toBe(counters.started);
    expect(total.durations().maxMs()).toBeLessThan(60);
    expect(total.responses().maxMs()).toBeGreaterThan(200);
  });

  it('drops what finds the queue full', async () => {
    const wanted = open(100, 500, { maxInFlight: 2, maxQueue: 3, gracefulStopMs: 50 });
    const { timeline, counters } = await played(() => undefined, wanted);
    expect(counters).toMatchObject({ offered: 50, started: 2, dropped: 48, censored: 2 });
    expect(timeline.seconds[0]).toMatchObject({ offered: 50, started: 2, dropped: 48, queued: 0 });
  });

  it('deals arrivals, connections and queue out to workers', async () => {
    const wanted = open(100, 500, { maxInFlight: 3, maxQueue: 5, gracefulStopMs: 50 });
    const { server, counters } = await played(() => undefined, wanted, 2);
    expect(counters).toMatchObject({ offered: 50, started: 3, dropped: 47 });
    expect(server.connections).toBe(3);
  });

  it('obeys a new plan from its moment on', async () => {
    const server = await new TruthServer(after(() => 2)).listen();
    const playing = play(server.url, open(100, 60_000));
    clock.at(playing.startedAt + 400, () => playing.replan(500, [{ level: 400, rampMs: 0, holdMs: 500 }]));
    const { stages, total } = await clock.run(playing.done, () => playing.inFlight() === server.awaited);
    await server.kill();
    expect(stages.map(({ phase }) => [phase.level, phase.toMs])).toEqual([
      [100, 500],
      [400, 1000],
    ]);
    expect(total.counters.offered).toBe(50 + 200);
  });

  it('keeps Little’s law: those present are arrivals a second times their response time', async () => {
    const { timeline } = await played(
      after(() => 50),
      open(200, 2000),
    );
    const [stage] = timeline.stages;
    const little = stage && checkLittle(stage);
    expect(little?.thinkMs).toBe(0);
    expect(little?.gap).toBeLessThan(0.02);
  });
});
