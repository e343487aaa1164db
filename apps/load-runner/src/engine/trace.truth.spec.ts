// Trace context as a server sees it, and what the generator says of the slowest requests.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Profile } from '../profiles/schema.js';
import { play, profile } from '../testing/generators.js';
import { sleep, step } from '../testing/settled.js';
import { TruthServer, type Behaviour, type Request } from '../testing/truth-server.js';
import { parseTarget } from './run.js';
import { ConnectionPool, type Line } from './pool.js';
import { isSampled, TraceContext, traceIdOf, traceWords } from './trace-context.js';

// Timers of a machine that does other work, too, are late now and then: not what is tested here.
jest.retryTimes(2);

const traceparentsOf = ({ headers }: Request): string[] =>
  [...headers.matchAll(/^traceparent: (.*)$/gim)].map(([, value = '']) => value);

const models: Record<string, Partial<Profile>> = {
  closed: { thinkTime: { distribution: 'constant', valueMs: 5 } },
  open: { model: 'open', stages: [{ level: 200, rampMs: 0, holdMs: 1000 }] },
};

describe('a request', () => {
  let server: TruthServer;
  /** What each request carried: one header, or none. */
  let carried: string[][];
  const serve = (behave: Behaviour = (_request, answer) => answer()): void =>
    server.behaveLike((request, answer) => {
      carried.push(traceparentsOf(request));
      behave(request, answer);
    });

  beforeEach(async () => {
    carried = [];
    server = await new TruthServer().listen();
    serve();
  });
  afterEach(() => server.kill());

  it.each(['closed', 'open'])('carries one trace context of its own in the %s model', async (model) => {
    const wanted = profile(models[model]);
    const { total } = await play(server.url, wanted, { workers: 2, trace: { sampleShare: 0.25 } }).done;
    expect(carried.length).toBe(total.sum('requests'));
    expect(carried.length).toBeGreaterThan(150);
    expect(carried.every((headers) => headers.length === 1)).toBe(true);
    const all = carried.flat();
    expect(all.filter((one) => !/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(one))).toEqual([]);
    expect(new Set(all.map(traceIdOf)).size).toBe(all.length);
    const deviation = Math.sqrt((0.25 * 0.75) / all.length);
    expect(Math.abs(all.filter(isSampled).length / all.length - 0.25)).toBeLessThan(4 * deviation);
  });

  it('carries none unless that was asked for, and no slow ones are kept', async () => {
    const { total } = await play(server.url, profile(models['closed'])).done;
    expect(carried.length).toBeGreaterThan(100);
    expect(carried.flat()).toEqual([]);
    expect(total.slowest.all).toEqual([]);
  });

  it('keeps its trace context when it is sent again', async () => {
    const target = parseTarget(server.url);
    const trace = new TraceContext(1, traceWords({ seed: 1, startAtEpochMs: 0, worker: 0 }));
    const pool = new ConnectionPool({ target, timeoutMs: 2000, limit: 1, trace });
    let settled: (line: Line) => void = () => undefined;
    const line = pool.open({ settled: (one) => settled(one) });
    const ask = (): Promise<Line> => {
      line.ask(step(), performance.now());
      return new Promise((resolve) => (settled = resolve));
    };
    // The second request meets a server that closes the idle connection at that moment.
    serve((request, answer) => (request.index === 1 ? request.socket.resetAndDestroy() : answer()));
    await ask();
    await sleep(1050);
    const { resent, outcome } = (await ask()).exchange;
    await ask();
    pool.closeAll();
    expect([resent, outcome]).toEqual([true, 'answered']);
    const [first, second, again, third] = carried.flat();
    expect(again).toBe(second);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('that stalled is the slowest, under the id that the server saw', async () => {
    let stalled: string | undefined;
    serve((request, answer) => {
      if (request.index !== 40) return answer();
      [stalled] = traceparentsOf(request);
      setTimeout(() => answer('{}', { status: 503 }), 300);
    });
    const wanted = profile({ thinkTime: { distribution: 'constant', valueMs: 20 }, timeoutMs: 5000 });
    const started = Date.now();
    const { measured } = await play(server.url, wanted, { trace: { sampleShare: 1 } }).done;
    const [slowest, next] = measured.slowest.all;
    expect(slowest).toMatchObject({
      ...{ traceId: traceIdOf(stalled ?? ''), sampled: true, path: '/courses' },
      ...{ status: 503, outcome: 'answered' },
    });
    expect(slowest?.responseMs).toBeGreaterThan(299);
    expect(slowest?.serviceMs).toBeLessThanOrEqual(slowest?.responseMs ?? 0);
    expect(slowest?.wantedAtEpochMs).toBeGreaterThan(started - 1);
    expect(slowest?.wantedAtEpochMs).toBeLessThan(started + 1000);
    expect(next?.responseMs).toBeLessThan(299);
    expect(measured.slowest.all.length).toBe(20);
  });

  it('that is never answered counts with the whole time allowed', async () => {
    const ids: Record<string, string> = {};
    serve((request, answer) => {
      const [traceparent = ''] = traceparentsOf(request);
      if (request.index === 3) ids['never'] = traceIdOf(traceparent);
      else answer();
    });
    const wanted = profile({
      stages: [{ level: 1, rampMs: 0, holdMs: 900 }],
      thinkTime: { distribution: 'constant', valueMs: 20 },
      timeoutMs: 250,
    });
    const { measured } = await play(server.url, wanted, { trace: { sampleShare: 0 } }).done;
    const [slowest] = measured.slowest.all;
    expect(slowest).toMatchObject({ traceId: ids['never'], sampled: false, outcome: 'timeout', status: 0 });
    expect(slowest?.serviceMs).toBe(250);
    expect(slowest?.responseMs).toBeCloseTo(250, 0);
  });
});
