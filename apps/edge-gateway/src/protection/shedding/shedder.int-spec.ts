import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TwoLevelCache } from '@flowchart/cache';
import { eventually, testRedisUrl } from '@flowchart/testing';
import type { EdgeConfig } from '../../config.js';
import { ANSWER_CACHE } from '../../cached-reads/answer-cache.js';
import type { StoredAnswer } from '../../cached-reads/stored-answer.js';
import { startEdge, type TestEdge } from '../../testing/test-edge.js';
import { TestOrigin } from '../../testing/test-origin.js';

const TARGET_MS = 100;
/** In tests the origin is what is slow: much more than the target, much less than the edge's patience. */
const SLOW_MS = 400;

describe('an edge that has more to do than it can', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let authorization: string;
  let rushing: boolean;
  let clients: Promise<void>[];

  beforeEach(() => {
    clients = [];
  });
  afterEach(async () => {
    await endRush();
    await edge.stop();
    await origin.kill();
  });

  const start = async (shedding: EdgeConfig['shedding']) => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl(), {
      shedding,
      rateLimits: off,
      upstreamTimeoutMs: 10_000,
    });
    authorization = await edge.logIn('student1');
    origin.on('GET /students/me', async () => {
      await sleep(SLOW_MS);
      return { body: {} };
    });
  };
  const me = () => edge.fetch('/students/me', { headers: { authorization } });

  /** Many clients ask for something slow, again as soon as they are answered. */
  const beginRush = () => {
    rushing = true;
    clients = Array.from({ length: 100 }, async () => {
      while (rushing) if ((await me()).status === 503) await sleep(50);
    });
  };
  const endRush = async () => {
    rushing = false;
    await Promise.all(clients);
  };
  const becomesTight = () => eventually(async () => (await me()).status === 503, 20_000);

  it('refuses with a problem that says when to come back', async () => {
    await start({ enabled: true, targetMs: TARGET_MS });
    beginRush();
    await becomesTight();
    const refused = await edge.fetch('/auth/login?x', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'x-request-id': 'mine' },
    });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toEqual({
      type: 'urn:flowchart:problem:overloaded',
      title: 'Too busy',
      status: 503,
      detail: expect.any(String),
      instance: '/auth/login',
      requestId: 'mine',
    });
  });

  it('goes on with health and with what it has stored', async () => {
    await start({ enabled: true, targetMs: TARGET_MS });
    origin.on('GET /courses?limit=20', { body: { title: 'stored' } });
    await edge.fetch('/courses');
    beginRush();
    await becomesTight();
    const asked = async (path: string) => (await edge.fetch(path)).status;
    for (let times = 0; times < 20; times++) {
      expect([await asked('/courses'), await asked('/actuator/health/liveness')]).toEqual([200, 200]);
    }
    const shed = await edge.fetch('/actuator/metrics/edge.shed?tag=class:session&tag=reason:queue');
    const { measurements } = (await shed.json()) as { measurements: { value: number }[] };
    expect(measurements[0]?.value).toBeGreaterThan(0);
  });

  it('shows what is no longer fresh rather than nothing', async () => {
    await start({ enabled: true, targetMs: TARGET_MS });
    origin.on('GET /courses?limit=20', { body: { title: 'old' }, headers: { 'surrogate-key': 'courses' } });
    await edge.fetch('/courses');
    beginRush();
    await becomesTight();
    edge.app.get<TwoLevelCache<StoredAnswer>>(ANSWER_CACHE).distrust();
    const answer = await edge.fetch('/courses');
    expect([answer.status, answer.headers.get('x-cache'), await answer.text()]).toEqual([
      200,
      'STALE',
      '{"title":"old"}',
    ]);
  });

  it('is not alarmed by logins that wait for their turn', async () => {
    await start({ enabled: true, targetMs: TARGET_MS });
    origin.on('POST /internal/credentials', async () => {
      await sleep(SLOW_MS);
      return { status: 401 };
    });
    const wrong = () => edge.post('/auth/login', { username: 'student1', password: 'wrong' });
    const storm = Promise.all(Array.from({ length: 200 }, wrong));
    origin.on('GET /students/me', { body: {} });
    while (await Promise.race([storm.then(() => false), sleep(20).then(() => true)])) {
      expect((await me()).status).toBe(200);
    }
    expect((await storm).filter(({ status }) => status === 503)).toEqual([]);
  });

  it('is itself again when the rush is over', async () => {
    await start({ enabled: true, targetMs: TARGET_MS });
    beginRush();
    await becomesTight();
    await endRush();
    origin.on('GET /students/me', { body: {} });
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, me));
      return answers.every(({ status }) => status === 200);
    }, 20_000);
  });

  it('refuses nobody where shedding is off', async () => {
    await start({ enabled: false, targetMs: TARGET_MS });
    beginRush();
    const statuses = [];
    for (let times = 0; times < 5; times++) statuses.push((await me()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });
});

const off = { user: { perSecond: 0, burst: 1 }, address: { perSecond: 0, burst: 1 } };
