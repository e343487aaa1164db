// Throughput against the laws it has to obey: N/(R+Z) of a closed system, and in the open model what was offered.

import { afterEach, describe, expect, it } from '@jest/globals';
import { checkLittle } from '../analysis/little.js';
import { meanThinkMs, type ThinkTime } from '../profiles/think-time.js';
import type { Profile, Stage } from '../profiles/schema.js';
import { play, profile } from '../testing/generators.js';
import { evenly, TruthServer, type Request } from '../testing/truth-server.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Timeline } from './timeline.js';

// Time stands still while bytes are on their way: however busy the machine is, these are the same figures each time.
let clock: VirtualClock;
afterEach(() => clock.uninstall());

/** Timers of a busy machine: some on time, some late, a few very late. */
const busyMachine = [0, 0.4, 1.3, 0, 2.2, 0.1, 0.8, 6.5];

/** Each request is answered after exactly that time. */
async function played(
  wanted: Profile,
  serviceMs: (request: Request) => number,
  lateMs: readonly number[] = [0],
): Promise<{ timeline: Timeline; server: TruthServer }> {
  clock = new VirtualClock(lateMs).install();
  const server = await new TruthServer(
    (request, answer) => void clock.at(clock.now + serviceMs(request), answer),
  ).listen();
  const playing = play(server.url, wanted);
  const timeline = await clock.run(playing.done, () => playing.inFlight() === server.awaited);
  await server.kill();
  return { timeline, server };
}

/** How far from what it should be, as a share of it. */
const gap = (actual: number, lawful: number): number => Math.abs(actual / lawful - 1);

describe('the throughput of a closed system is N/(R+Z) within 0.5 %', () => {
  const users = 40;
  const exponential = (meanMs: number) => evenly(1000, (probability) => -Math.log(1 - probability) * meanMs);
  const cases: [string, number, (request: Request) => number, ThinkTime][] = [
    ['constant times', 40, () => 40, { distribution: 'constant', valueMs: 60 }],
    ['times that are no whole milliseconds', 40.7, () => 40.7, { distribution: 'constant', valueMs: 60.9 }],
    ['exponential service', 40, exponential(40), { distribution: 'uniform', minMs: 50, maxMs: 70 }],
    [
      'service in two humps and exponential thinking',
      16.5,
      evenly(1000, (probability) => (probability < 0.9 ? 5 : 120)),
      { distribution: 'exponential', meanMs: 80 },
    ],
    ['no thinking at all', 50, exponential(50), { distribution: 'constant', valueMs: 0 }],
  ];

  describe.each([
    ['with punctual timers', [0]],
    ['with the timers of a busy machine', busyMachine],
  ])('%s', (_machine, lateMs) => {
    it.each(cases)('%s', async (_name, serviceMs, service, thinkTime) => {
      // The ramp spreads the users over a cycle: in step they would all come just before or just after the end.
      const wanted = profile({ stages: [{ level: users, rampMs: 1000, holdMs: 12_000 }], thinkTime });
      const { timeline, server } = await played(wanted, service, lateMs);
      const [stage] = timeline.stages;
      if (!stage) throw new Error('there is no stage');
      // A second is a second: what forty users spent in it.
      expect(gap(stage.counters.userMs, users * stage.seconds * 1000)).toBeLessThan(0.0005);
      const perSecond = stage.requests / stage.seconds;
      // By the distributions alone,
      const analytic = (1000 * users) / (serviceMs + meanThinkMs(thinkTime));
      // and by what the server did and the users drew.
      const servedMs = server.served.map(({ receivedAt, answeredAt }) => answeredAt - receivedAt);
      const meanMs = servedMs.reduce((sum, ms) => sum + ms, 0) / servedMs.length;
      const measured = (1000 * users) / (meanMs + stage.counters.thinkMs / stage.requests);
      expect(gap(perSecond, analytic)).toBeLessThan(0.005);
      expect(gap(perSecond, measured)).toBeLessThan(0.005);
      expect(checkLittle(stage)?.gap).toBeLessThan(0.005);
    });
  });
});

describe('after a server was killed and came back', () => {
  const users = 20;
  it('a closed system has the throughput and the service times of before, two seconds after it is back', async () => {
    clock = new VirtualClock(busyMachine).install();
    const servers: TruthServer[] = [];
    const serving = (port?: number): Promise<TruthServer> => {
      const server = new TruthServer((_request, answer) => void clock.at(clock.now + 30, answer));
      servers.push(server);
      return server.listen(port);
    };
    const { url, port } = await serving();
    const wanted = profile({
      stages: [{ level: users, rampMs: 1000, holdMs: 10_000 }],
      thinkTime: { distribution: 'uniform', minMs: 50, maxMs: 90 },
    });
    const playing = play(url, wanted);
    clock.at(playing.startedAt + 4100, () => void servers[0]?.kill());
    clock.at(playing.startedAt + 5100, () => void serving(port));
    const awaited = () => servers.reduce((sum, server) => sum + server.awaited, 0);
    // Users who wait to connect again have a request under way that no server awaits: then time passes after a while.
    let looks = 0;
    const disturbed = () => clock.now > playing.startedAt + 4000 && clock.now < playing.startedAt + 7000;
    const quiet = () => playing.inFlight() === awaited() || (disturbed() && ++looks % 100 === 0);
    const { seconds, total } = await clock.run(playing.done, quiet);
    await servers[1]?.kill();
    expect(total.sum('lost')).toBeGreaterThan(0);
    expect(total.sum('lost')).toBeLessThanOrEqual(users);
    expect(total.sum('refused')).toBeGreaterThanOrEqual(users);
    const stretch = (from: number, to: number) =>
      seconds.filter(({ second }) => second >= from && second < to);
    for (const own of [stretch(1, 4), stretch(7, 11)]) {
      const requests = own.reduce((sum, second) => sum + second.requests, 0);
      expect(gap(requests / own.length, (1000 * users) / (30 + 70))).toBeLessThan(0.01);
      expect(own.map(({ failed }) => failed)).toEqual(own.map(() => 0));
      for (const { p50Ms, maxMs } of own) expect([p50Ms, maxMs].map(Math.round)).toEqual([30, 30]);
    }
  });
});

describe('the open model achieves what it offers within 0.5 % where the system keeps up', () => {
  const service = evenly(1000, (probability) => -Math.log(1 - probability) * 4);
  const hold = (level: number): Stage => ({ level, rampMs: 0, holdMs: 4000 });
  const open = (stages: Stage[], changes: Partial<Profile> = {}): Profile =>
    profile({ model: 'open', stages, ...changes });

  /** Arrivals that the stages ask for in the seconds [from, to): the integral of the rate. */
  const askedFor = ({ schedule }: Timeline, from: number, to: number): number => {
    let sum = 0;
    // In steps of a millisecond, by the middle of each: exact for straight lines.
    for (let ms = from * 1000; ms < to * 1000; ms++) sum += schedule.levelAt(ms + 0.5) / 1000;
    return sum;
  };
  const within = ({ seconds }: Timeline, from: number, to: number) => {
    const own = seconds.filter(({ second }) => second >= from && second < to);
    return {
      offered: own.reduce((sum, { offered }) => sum + offered, 0),
      achieved: own.reduce((sum, { requests, failed }) => sum + requests - failed, 0),
    };
  };

  it.each<[string, Profile, [number, number][]]>([
    ['constant', open([hold(437)]), [[0, 4]]],
    [
      'stepped',
      open([hold(300), hold(600), hold(450)]),
      [
        [0, 4],
        [4, 8],
        [8, 12],
      ],
    ],
    [
      'ramping',
      open([
        { level: 600, rampMs: 4000, holdMs: 0 },
        { level: 100, rampMs: 4000, holdMs: 1000 },
      ]),
      [
        [0, 4],
        [4, 8],
      ],
    ],
  ])('%s', async (_name, wanted, stretches) => {
    const { timeline } = await played(wanted, service, busyMachine);
    expect(timeline.total.counters).toMatchObject({ dropped: 0, lateStarts: 0 });
    for (const [from, to] of stretches) {
      const { offered, achieved } = within(timeline, from, to);
      expect(gap(offered, askedFor(timeline, from, to))).toBeLessThan(0.005);
      expect(gap(achieved, offered)).toBeLessThan(0.005);
    }
  });

  it('Poisson', async () => {
    const { timeline } = await played(open([hold(500)], { arrivals: 'poisson' }), service, busyMachine);
    const { offered, achieved } = within(timeline, 0, 4);
    // Chance alone makes the number of arrivals differ by 1/√2000, its standard deviation; three of them are allowed.
    expect(gap(offered, 2000)).toBeLessThan(3 / Math.sqrt(2000));
    expect(gap(achieved, offered)).toBeLessThan(0.005);
  });
});
