import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REDIS } from '@flowchart/events';
import { Door, testRedisUrl } from '@flowchart/testing';
import type { Redis } from 'ioredis';
import { config, type EdgeConfig } from '../../config.js';
import { startEdge, type TestEdge } from '../../testing/test-edge.js';
import { TestOrigin } from '../../testing/test-origin.js';

/** So slow that no token comes back while a spec runs. */
const PER_SECOND = 0.001;
const { rateLimits: usual } = config({});

describe('rate limits', () => {
  let origin: TestOrigin;
  let redisUrl: string;
  let started: TestEdge[];

  beforeEach(async () => {
    started = [];
    redisUrl = await testRedisUrl();
    origin = await TestOrigin.start();
    origin.on('GET /students/me', { body: {} });
  });
  afterEach(async () => {
    await Promise.all(started.map((edge) => edge.stop()));
    await origin.kill();
  });

  const start = async (overrides: Partial<EdgeConfig>, url = redisUrl): Promise<TestEdge> => {
    const edge = await startEdge(origin, url, overrides);
    started.push(edge);
    return edge;
  };
  const withUserBurst = (burst: number) => ({
    rateLimits: { ...usual, user: { perSecond: PER_SECOND, burst } },
  });
  const withAddressBurst = (burst: number, trustedProxies = 0) => ({
    rateLimits: { ...usual, address: { perSecond: PER_SECOND, burst } },
    trustedProxies,
  });
  const me = (edge: TestEdge, authorization: string) =>
    edge.fetch('/students/me', { headers: { authorization } });
  const statuses = async (requests: Promise<Response>[]): Promise<Record<number, number>> => {
    const counts: Record<number, number> = {};
    for (const { status } of await Promise.all(requests)) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  const times = (count: number, request: () => Promise<Response>) => Array.from({ length: count }, request);

  it('tell a user what is left, and refuse with a problem once nothing is', async () => {
    const edge = await start(withUserBurst(2));
    const authorization = await edge.logIn('student1');
    const first = await me(edge, authorization);
    expect([
      first.status,
      first.headers.get('ratelimit-limit'),
      first.headers.get('ratelimit-remaining'),
    ]).toEqual([200, '2', '1']);
    await me(edge, authorization);
    const refused = await me(edge, authorization);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(900);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('ratelimit-reset'))).toBeGreaterThan(1900);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('cache-control')).toBe('private, no-store');
    expect(await refused.json()).toMatchObject({
      type: 'urn:flowchart:problem:too-many-requests',
      status: 429,
      instance: '/students/me',
      requestId: refused.headers.get('x-request-id'),
    });
  });

  it('hold over all edges together, however many requests come at once', async () => {
    const [one, two] = await Promise.all([start(withUserBurst(100)), start(withUserBurst(100))]);
    const authorization = await one.logIn('student1');
    const counts = await statuses([
      ...times(500, () => me(one, authorization)),
      ...times(500, () => me(two, authorization)),
    ]);
    expect(counts).toEqual({ 200: 100, 429: 900 });
  });

  it('count a user for himself, in whatever session, and not by a token that is not ours', async () => {
    const edge = await start(withUserBurst(3));
    const [student, again, registrar] = await Promise.all([
      edge.logIn('student1'),
      edge.logIn('student1'),
      edge.logIn('registrar'),
    ]);
    const forged = `${student.slice(0, -4)}AAAA`;
    expect(await statuses(times(10, () => me(edge, forged)))).toEqual({ 401: 10 });
    expect(await statuses([student, again, student, again].map((token) => me(edge, token)))).toEqual({
      200: 3,
      429: 1,
    });
    expect((await me(edge, registrar)).status).toBe(200);
  });

  it('cost Redis one call for several requests', async () => {
    const edge = await start({ rateLimits: { ...usual, user: { perSecond: 1, burst: 400 } } });
    const authorization = await edge.logIn('student1');
    const redis = edge.app.get<Redis>(REDIS);
    await redis.config('RESETSTAT');
    for (let request = 0; request < 40; request++) await me(edge, authorization);
    const [, calls] = /cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats')) ?? [];
    expect(Number(calls)).toBeLessThanOrEqual(3);
  });

  it('of an address leave alone what is answered from memory', async () => {
    const edge = await start(withAddressBurst(1));
    origin.on('GET /courses?limit=20', { body: {} });
    expect((await edge.fetch('/courses')).status).toBe(200);
    expect((await edge.fetch('/degrees')).status).toBe(429);
    expect(await statuses(times(50, () => edge.fetch('/courses')))).toEqual({ 200: 50 });
  });

  it('of an address count whatever else is asked for, but not whoever watches', async () => {
    const edge = await start(withAddressBurst(2));
    expect((await edge.fetch('/degrees?nothing')).status).toBe(400);
    expect((await edge.fetch('/nowhere')).status).toBe(404);
    const refused = await edge.fetch('/nowhere');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      429,
      expect.stringContaining('application/problem+json'),
    ]);
    expect((await edge.fetch('/actuator/health/readiness')).status).toBe(200);
  });

  it('of an address believe no header of the client', async () => {
    const edge = await start(withAddressBurst(5));
    let host = 0;
    const forged = () => edge.fetch('/students/me', { headers: { 'x-forwarded-for': `192.0.2.${++host}` } });
    expect(await statuses(times(20, forged))).toEqual({ 401: 5, 429: 15 });
  });

  it('of an address count whom our proxy saw, an IPv6 network as one', async () => {
    const edge = await start(withAddressBurst(2, 1));
    let host = 0;
    const from = (address: () => string) => () =>
      edge.fetch('/students/me', { headers: { 'x-forwarded-for': address() } });
    expect(
      await statuses(
        times(
          4,
          from(() => `192.0.2.${++host}, 198.51.100.1`),
        ),
      ),
    ).toEqual({ 401: 2, 429: 2 });
    expect(
      await statuses(
        times(
          4,
          from(() => `198.51.100.${++host}`),
        ),
      ),
    ).toEqual({ 401: 4 });
    expect(
      await statuses(
        times(
          4,
          from(() => `2001:db8:1:2::${++host}`),
        ),
      ),
    ).toEqual({ 401: 2, 429: 2 });
    expect(
      await statuses(
        times(
          4,
          from(() => `2001:db8:1:${++host}::1`),
        ),
      ),
    ).toEqual({ 401: 4 });
  });

  it('are off where they are 0', async () => {
    const off = { perSecond: 0, burst: 1 };
    const edge = await start({ rateLimits: { user: off, address: off } });
    const authorization = await edge.logIn('student1');
    expect(await statuses(times(20, () => me(edge, authorization)))).toEqual({ 200: 20 });
  });

  it('are counted', async () => {
    const edge = await start(withAddressBurst(3));
    await statuses(times(5, () => edge.fetch('/students/me')));
    const meter = await edge.fetch('/actuator/metrics/edge.rate.limit?tag=kind:address&tag=result:limited');
    expect(await meter.json()).toMatchObject({ measurements: [{ statistic: 'COUNT', value: 2 }] });
  });

  it('are kept by each edge while Redis hangs, in bounded time, and by all again when it is back', async () => {
    const door = await Door.to(redisUrl);
    try {
      const edge = await start(withUserBurst(10), door.in(redisUrl));
      edge.app.get<Redis>(REDIS).options.commandTimeout = 300;
      const authorization = await edge.logIn('student1');
      expect(await statuses(times(4, () => me(edge, authorization)))).toEqual({ 200: 4 });
      door.freeze();
      const startedMs = performance.now();
      expect(await statuses(times(30, () => me(edge, authorization)))).toEqual({ 200: 10, 429: 20 });
      expect(performance.now() - startedMs).toBeLessThan(5000);
      door.thaw();
    } finally {
      await door.shut();
    }
  });
});
