// The flood against servers whose behaviour is known: everything autocannon was answered is counted, and nothing else.

import { describe, expect, it } from '@jest/globals';
import { judgeGenerator } from '../analysis/generator-verdict.js';
import { checkLittle } from '../analysis/little.js';
import { play, profile } from '../testing/generators.js';
import { sleep } from '../testing/settled.js';
import { after, TruthServer } from '../testing/truth-server.js';

const flood = (users: number, holdMs: number) =>
  profile({
    model: 'flood',
    stages: [{ level: users, rampMs: 0, holdMs }],
    flood: { path: '/courses?limit=1' },
  });

describe('the flood driver', () => {
  it.concurrent('keeps every connection busy and counts each answer once', async () => {
    const paths = new Set<string>();
    const server = await new TruthServer((request, answer) => {
      paths.add(request.path);
      setTimeout(answer, 20);
    }).listen();
    const { total } = await play(server.url, flood(8, 1000)).done;
    await server.kill();
    expect(server.connections).toBe(8);
    expect([...paths]).toEqual(['/courses?limit=1']);
    expect(total.sum('requests') + total.counters.censored).toBe(total.counters.started);
    // The last ones were given up before the server came to read them.
    expect(total.counters.started - server.requests).toBeLessThanOrEqual(8);
    expect(server.requests).toBeGreaterThanOrEqual(total.sum('requests'));
    expect(total.sum('failed')).toBe(0);
    // 8 connections, 20 ms each: 400, and fewer on a machine that does other work, too.
    expect(total.sum('requests')).toBeGreaterThan(40);
    expect(total.byEndpoint.map(({ endpoint }) => endpoint.name)).toEqual(['flood']);
  });

  it.concurrent(
    'tells service times to better than a millisecond, and no part of them that autocannon does not tell',
    async () => {
      const server = await new TruthServer(after(() => 20)).listen();
      const { total } = await play(server.url, flood(4, 1000)).done;
      await server.kill();
      const median = total.durations().percentileMs(50);
      expect(median).toBeGreaterThan(19.5);
      expect(median).toBeLessThan(30);
      expect(Number.isInteger(total.durations().meanMs())).toBe(false);
      expect(total.trends.waiting.count).toBe(0);
    },
  );

  it.concurrent('counts statuses that are no success, and time-outs at their full length', async () => {
    const server = await new TruthServer(({ index }, answer) => {
      if (index < 10) answer('{}', { status: 503 });
    }).listen();
    const wanted = { ...flood(2, 1600), timeoutMs: 1000 };
    const { total } = await play(server.url, wanted).done;
    await server.kill();
    expect(total.errors.map(({ reason }) => reason).sort()).toEqual(['status 503', 'timeout']);
    expect(total.sum('timeouts')).toBe(2);
    expect(total.durations().maxMs()).toBe(1000);
  });

  it.concurrent('changes the number of connections with the stages and keeps to Little’s law', async () => {
    const server = await new TruthServer(after(() => 10)).listen();
    const stages = [
      { level: 2, rampMs: 0, holdMs: 2000 },
      { level: 6, rampMs: 0, holdMs: 2000 },
    ];
    const timeline = await play(server.url, { ...flood(1, 1), stages }).done;
    await server.kill();
    expect(timeline.seconds.slice(0, 4).map(({ users }) => users)).toEqual([2, 2, 6, 6]);
    const [low, high] = timeline.stages;
    expect((high?.requests ?? 0) / (low?.requests ?? 1)).toBeGreaterThan(2.5);
    expect(low && checkLittle(low)?.gap).toBeLessThan(0.05);
    expect(judgeGenerator(timeline.seconds, 1).valid).toBe(true);
  });

  it.concurrent('ends when it is told to', async () => {
    const server = await new TruthServer(after(() => 5)).listen();
    const playing = play(server.url, flood(3, 60_000));
    await sleep(300);
    playing.stop();
    const { total } = await playing.done;
    await server.kill();
    expect(total.sum('requests')).toBeGreaterThan(9);
    expect(total.counters.censored).toBe(3);
  });
});
