import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deadlineHeader, type DomainEvent, identityHeader } from '@flowchart/contracts';
import { EventPublisher } from '@flowchart/events';
import { AssertionVerifier, HealthRegistry } from '@flowchart/platform';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { Redis } from 'ioredis';
import { ANSWER_CACHE } from './answer-cache.js';
import { options } from '../config.js';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

const list = 'GET /courses?limit=20';
const page = (title: string, tags = 'courses course:CS101') => ({
  body: { items: [{ code: 'CS101', title }], page: { limit: 20, total: 1, next: null } },
  headers: { 'surrogate-key': tags },
});
const courseChanged = (): DomainEvent => ({
  id: crypto.randomUUID(),
  type: 'course.changed',
  entityId: crypto.randomUUID(),
  version: 2,
  tags: ['course:CS101', 'courses'],
  occurredAt: new Date().toISOString(),
});

describe('cached reads', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let redisUrl: string;
  let redis: Redis;

  beforeAll(async () => {
    redisUrl = await testRedisUrl();
    redis = new Redis(redisUrl);
    origin = await TestOrigin.start();
    edge = await startEdge(origin, redisUrl);
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
    redis.disconnect();
  });

  /** Each spec has codes of its own, so that what one stored is no other's. */
  let code = 100;
  let path = '';
  beforeEach(() => {
    path = `/courses/code/CS${++code}`;
    origin.on(`GET ${path}`, {
      body: { code: `CS${code}` },
      headers: { etag: '"7"', 'surrogate-key': `course:CS${code}` },
    });
  });

  it('sends its clients away while it drains, from memory and behind it', async () => {
    const draining = await startEdge(origin, redisUrl);
    const asked = async () => {
      const { headers } = await draining.fetch(path);
      return [headers.get('x-cache'), headers.get('connection')];
    };
    await asked();
    expect(await asked()).toEqual(['L1', 'keep-alive']);
    draining.app.get(HealthRegistry).drain();
    expect(await asked()).toEqual(['L1', 'close']);
    const { status, headers } = await draining.fetch('/students/me');
    expect([status, headers.get('connection')]).toEqual([401, 'close']);
    await draining.stop();
  });

  it('fetches once, then answers the same bytes from memory', async () => {
    const first = await edge.fetch(path);
    const second = await edge.fetch(path);
    expect([first.headers.get('x-cache'), second.headers.get('x-cache')]).toEqual(['MISS', 'L1']);
    expect(await second.text()).toBe(await first.text());
    expect(origin.timesAsked(`GET ${path}`)).toBe(1);
  });

  it('says what caches need to know, and its security headers, on every cached answer', async () => {
    for (const source of ['MISS', 'L1']) {
      const { status, headers } = await edge.fetch(path, { headers: { 'x-request-id': `id-${source}` } });
      expect(status).toBe(200);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-cache': source,
        etag: '"7"',
        'cache-control': 'public, max-age=60, stale-while-revalidate=60, stale-if-error=600',
        'content-type': 'application/json; charset=utf-8',
        age: expect.stringMatching(/^[01]$/),
        'x-request-id': `id-${source}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'surrogate-key': `course:CS${code}`,
      });
      // A short answer is the same for everybody.
      expect(headers.get('vary')).toBeNull();
    }
  });

  it('tells the service that the edge asks, and the request id, and none of the headers it does not know', async () => {
    await edge.fetch(path, {
      headers: { 'x-request-id': 'abc', 'x-flowchart-identity': 'forged', cookie: 'a=b' },
    });
    const asked = origin.asked.find((request) => request.path === path);
    expect(asked?.headers).toMatchObject({ 'x-request-id': 'abc' });
    expect(Object.keys(asked?.headers ?? {}).sort()).toEqual([
      'connection',
      'host',
      deadlineHeader,
      identityHeader,
      'x-request-id',
    ]);
    const verifier = new AssertionVerifier({ ...options({}), name: 'course-service' });
    expect(verifier.verify(String(asked?.headers[identityHeader]))).toEqual({
      issuer: 'edge-gateway',
      identity: null,
    });
  });

  it('makes a strong validator of the bytes where the service gives none', async () => {
    origin.on(`GET ${path}`, { body: { code }, headers: { etag: 'W/"weak"' } });
    const etag = (await edge.fetch(path)).headers.get('etag');
    expect(etag).toMatch(/^"[\w-]{27}"$/);
  });

  it('answers 304 without a body to who has the answer, with the headers of the 200', async () => {
    await edge.fetch(path);
    const answer = await edge.fetch(path, { headers: { 'if-none-match': '"x", W/"7"' } });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(answer.headers.get('cache-control')).toContain('public');
    expect((await edge.fetch(path, { headers: { 'if-none-match': '"8"' } })).status).toBe(200);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const get = await edge.fetch(path);
    const head = await edge.fetch(path, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('x-cache')]).toEqual([200, '', 'L1']);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  });

  it('takes no notice of Range: the whole answer is one of those that RFC 9110 allows', async () => {
    const headers = { range: 'bytes=0-3', 'if-range': '"7"' };
    for (const source of ['MISS', 'L1']) {
      const answer = await edge.fetch(path, { headers });
      expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, source]);
      expect(answer.headers.get('content-range')).toBeNull();
      expect(await answer.json()).toEqual({ code: `CS${code}` });
    }
  });

  describe('with a long answer', () => {
    const title = 'Introduction to Everything '.repeat(80);
    const ask = async (encoding: string | undefined, init: RequestInit = {}) => {
      const headers = { 'accept-encoding': encoding ?? 'identity', ...init.headers };
      const answer = await edge.fetch(path, { ...init, headers });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    const formOf = ({ headers }: { headers: Headers }) =>
      ['x-cache', 'content-encoding', 'etag', 'vary'].map((name) => headers.get(name));
    let text = '';
    beforeEach(() => {
      const body = { code: `CS${code}`, title };
      text = JSON.stringify(body);
      origin.on(`GET ${path}`, { body, headers: { etag: '"7"' } });
    });

    it('compresses it for who has to wait anyway, and from then on has it ready', async () => {
      const first = await ask('gzip, br');
      expect(formOf(first)).toEqual(['MISS', 'br', '"7-br"', 'accept-encoding']);
      const second = await ask('br');
      expect(formOf(second)).toEqual(['L1', 'br', '"7-br"', 'accept-encoding']);
      expect([first.text, second.text]).toEqual([text, text]);
      expect(Number(second.headers.get('content-length'))).toBeLessThan(text.length / 2);
    });

    it('lets no hit wait: plain bytes until the others are there', async () => {
      for (const source of ['MISS', 'L1', 'L1']) {
        expect(formOf(await ask('identity'))).toEqual([source, null, '"7"', 'accept-encoding']);
      }
      expect(formOf(await ask('gzip'))).toEqual(['L1', null, '"7"', 'accept-encoding']);
      await eventually(async () => (await ask('gzip')).headers.get('etag') === '"7-gz"');
      expect((await ask('gzip')).text).toBe(text);
    });

    it('makes who takes nothing else wait, too', async () => {
      for (let time = 0; time < 3; time++) await ask('identity');
      const answer = await ask('gzip, identity;q=0');
      expect(formOf(answer)).toEqual(['L1', 'gzip', '"7-gz"', 'accept-encoding']);
      expect(answer.text).toBe(text);
    });

    it('answers 304 to who has any form that it takes', async () => {
      await ask('br');
      const conditional = (tag: string) => ask('br', { headers: { 'if-none-match': tag } });
      for (const tag of ['"7"', '"7-br"']) {
        const { status, headers } = await conditional(tag);
        expect([status, headers.get('etag'), headers.get('vary')]).toEqual([304, tag, 'accept-encoding']);
      }
      expect((await conditional('"7-gz"')).status).toBe(200);
    });

    it('answers HEAD as GET, in each coding', async () => {
      await ask('br');
      for (const encoding of ['br', 'identity']) {
        const [get, head] = [await ask(encoding), await ask(encoding, { method: 'HEAD' })];
        expect(head.text).toBe('');
        expect(formOf(head)).toEqual(formOf(get));
        expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      }
    });

    it('counts the compressed bytes, too', async () => {
      const bytes = async () => {
        const answer = await edge.fetch('/actuator/metrics/cache.bytes');
        return ((await answer.json()) as { measurements: { value: number }[] }).measurements[0]?.value ?? 0;
      };
      await ask('identity');
      const before = await bytes();
      await ask('br');
      await eventually(async () => (await ask('br')).headers.get('content-encoding') === 'br');
      const added = Number((await ask('br')).headers.get('content-length'));
      expect(added).toBeGreaterThan(0);
      expect((await bytes()) - before).toBe(added);
    });
  });

  describe('with little room', () => {
    let small: TestEdge;
    beforeAll(async () => {
      small = await startEdge(origin, redisUrl, { l1MaxBytes: 2 ** 20 });
    });
    afterAll(() => small.stop());

    it('a scan of random searches does not push out what is asked for all the time', async () => {
      const hot = Array.from({ length: 40 }, (_, index) => `/courses/code/HOT${index + 100}`);
      for (const one of hot) origin.on(`GET ${one}`, { body: { title: 'x'.repeat(4000) } });
      const sources = async () => {
        const answers = await Promise.all(hot.map((one) => small.fetch(one)));
        return new Set(answers.map(({ headers }) => headers.get('x-cache')));
      };
      await sources();
      for (let round = 0; round < 5; round++) {
        expect(await sources()).toEqual(new Set(['L1']));
        const scan = Array.from({ length: 300 }, (_, index) => `/courses?q=scan${round}x${index}`);
        for (const search of scan) origin.on(`GET ${search}&limit=20`, { body: { items: 'y'.repeat(4000) } });
        // Some at a time: what waits too long for its turn upstream is refused, and not stored.
        while (scan.length > 0) await Promise.all(scan.splice(-50).map((search) => small.fetch(search)));
      }
      // Each round is more than there is room for.
      expect(origin.asked.filter(({ path: asked }) => asked.includes('q=scan'))).toHaveLength(5 * 300);
      expect(await sources()).toEqual(new Set(['L1']));
    });
  });

  it('has one answer for all spellings of a question', async () => {
    origin.on('GET /courses?level=GRADUATE&department=Computer%20Science&limit=20', page('one'));
    const spellings = [
      '/courses?level=GRADUATE&department=Computer%20Science',
      '/courses?department=Computer+Science&level=GRADUATE&limit=20',
      '/courses/?limit=20&level=GRADUATE&department=%43omputer%20Science%20',
    ];
    const sources = [];
    for (const spelling of spellings) sources.push((await edge.fetch(spelling)).headers.get('x-cache'));
    expect(sources).toEqual(['MISS', 'L1', 'L1']);
  });

  it('takes a UUID in capitals for the same one', async () => {
    const id = '0b5f0f64-6a43-4d6b-9d0c-0123456789ab';
    origin.on(`GET /courses/${id}`, { body: { id } });
    expect((await edge.fetch(`/courses/${id.toUpperCase()}`)).headers.get('x-cache')).toBe('MISS');
    expect((await edge.fetch(`/courses/${id}`)).headers.get('x-cache')).toBe('L1');
  });

  it('remembers for a moment that there is no such thing, and tells each caller its own request id', async () => {
    const absent = '/courses/code/ZZ100';
    const first = await edge.fetch(absent, { headers: { 'x-request-id': 'first' } });
    const second = await edge.fetch(absent, { headers: { 'x-request-id': 'second' } });
    expect([first.status, second.status, second.headers.get('x-cache')]).toEqual([404, 404, 'L1']);
    expect(second.headers.get('cache-control')).toMatch(/^public, max-age=5,/);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
    expect(await second.json()).toEqual({
      type: 'urn:test:problem',
      title: 'Not found',
      status: 404,
      detail: 'Not found at the origin',
      instance: absent,
      requestId: 'second',
    });
    expect(origin.timesAsked(`GET ${absent}`)).toBe(1);
  });

  it('passes a refusal of the service on and does not store it', async () => {
    origin.on(`GET ${path}`, {
      status: 400,
      body: { type: 'urn:test:bad', title: 'Bad cursor', status: 400, detail: 'no', errors: [1] },
    });
    const answers = [await edge.fetch(path), await edge.fetch(path)];
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(await answers[0]?.json()).toMatchObject({
      type: 'urn:test:bad',
      title: 'Bad cursor',
      detail: 'no',
      errors: [1],
      instance: path,
    });
    expect(origin.timesAsked(`GET ${path}`)).toBe(2);
  });

  it.each([
    [500, 502],
    [503, 503],
  ])(
    'turns a %d of the service into a problem of its own with nothing of its inside',
    async (theirs, ours) => {
      origin.on(`GET ${path}`, {
        status: theirs,
        body: { stack: 'at secret.ts:1' },
        headers: { 'retry-after': '7' },
      });
      const answer = await edge.fetch(path);
      expect(answer.status).toBe(ours);
      expect(answer.headers.get('retry-after')).toBe(theirs === 503 ? '7' : null);
      expect(await answer.text()).not.toContain('secret');
    },
  );

  it('asks the service once for a thousand who want a cold answer at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => edge.fetch(path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(origin.timesAsked(`GET ${path}`)).toBe(1);
  });

  it('counts look-ups by level, and requests under the template of their route', async () => {
    await edge.fetch(path);
    await edge.fetch(path);
    const meter = async (name: string) =>
      (await (await edge.fetch(`/actuator/metrics/${name}`)).json()) as { measurements: { value: number }[] };
    const hits = await meter('cache.gets?tag=result:hit&tag=level:L1&tag=route:/courses/code/{code}');
    expect(hits.measurements[0]?.value).toBeGreaterThanOrEqual(1);
    const requests = await meter(
      'http.server.requests?tag=uri:/courses/code/{code}&tag=method:GET&tag=status:200',
    );
    expect(requests.measurements[0]?.value).toBeGreaterThanOrEqual(2);
  });

  describe('when its service goes away', () => {
    afterEach(async () => {
      await origin.kill();
      await origin.open();
      await eventually(async () => (await edge.fetch('/courses/code/CS199')).status === 404);
    });

    it('serves stale, then fresh once the service is back, and 503 for what it never had', async () => {
      await edge.fetch(path);
      await expire(edge, redis);
      await origin.kill();
      const stale = await edge.fetch(path);
      expect([stale.status, stale.headers.get('x-cache'), await stale.json()]).toEqual([
        200,
        'STALE',
        { code: `CS${code}` },
      ]);
      const never = await edge.fetch('/courses/code/CS299');
      expect([never.status, never.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await never.json()).toMatchObject({
        status: 503,
        detail: 'course-service does not answer. Try again shortly.',
      });
      await origin.open();
      origin.on(`GET ${path}`, { body: { code: 'new' } });
      await eventually(async () => (await (await edge.fetch(path)).text()).includes('new'));
    });

    it('stays ready, and tells which service it is', async () => {
      const health = async () => {
        const answer = await edge.fetch('/actuator/health/readiness');
        return [answer.status, await answer.json()];
      };
      const [up, down] = [{ status: 'UP' }, { status: 'DOWN' }];
      const well = { 'course-service': up, 'degree-service': up, 'student-service': up, redis: up };
      expect(await health()).toMatchObject([200, { status: 'UP', components: well }]);
      await origin.kill();
      const ill = { 'course-service': down, 'degree-service': down, 'student-service': down, redis: up };
      // What a service can do without is asked once a second at most.
      await eventually(async () => JSON.stringify(await health()).includes('DOWN'));
      expect(await health()).toMatchObject([200, { status: 'UP', components: ill }]);
    });
  });

  it('gives up on a service that does not answer in time, with 504', async () => {
    origin.on(`GET ${path}`, () => new Promise(() => undefined));
    const answer = await edge.fetch(path);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([504, '1']);
  });

  describe('with a second edge', () => {
    let second: TestEdge;
    beforeAll(async () => {
      second = await startEdge(origin, redisUrl);
    });
    afterAll(() => second.stop());

    it('finds in Redis what the other fetched', async () => {
      await edge.fetch(path);
      await eventually(async () => (await redis.exists(`{cache}:2:${path}`)) === 1);
      expect((await second.fetch(path)).headers.get('x-cache')).toBe('L2');
      expect(origin.timesAsked(`GET ${path}`)).toBe(1);
    });

    it('shows a change on both as soon as its event is out', async () => {
      origin.on(list, page('old'));
      for (const one of [edge, second]) expect(await (await one.fetch('/courses')).text()).toContain('old');
      origin.on(list, page('new'));
      await edge.app.get(EventPublisher).publish([courseChanged()]);
      for (const one of [edge, second]) {
        await eventually(async () => (await (await one.fetch('/courses')).text()).includes('new'));
      }
      expect((await second.fetch('/courses')).headers.get('x-cache')).toBe('L1');
      const lag = await second.fetch('/actuator/metrics/cache.invalidation.lag');
      expect(await lag.json()).toMatchObject({
        baseUnit: 'seconds',
        measurements: expect.arrayContaining([{ statistic: 'COUNT', value: 1 }]),
      });
    });

    it('takes nothing for fresh after events were missed', async () => {
      await edge.fetch(path);
      origin.on(`GET ${path}`, { body: { code: 'new' } });
      await redis.flushdb();
      await cutConnections(redis);
      await eventually(async () => (await (await edge.fetch(path)).text()).includes('new'), 10_000);
    });
  });
});

/** Lets what is stored outlive its freshness now and not in a minute. */
async function expire(edge: TestEdge, redis: Redis): Promise<void> {
  edge.app.get<{ distrust(): void }>(ANSWER_CACHE).distrust();
  await redis.flushdb();
}

/** Of this spec's own database only: others use the same server at the same time. */
async function cutConnections(redis: Redis): Promise<void> {
  const clients = String(await redis.call('CLIENT', 'LIST')).split('\n');
  const own = clients.filter((client) => client.includes(` db=${redis.options.db} `));
  const ids = own.map((client) => /^id=(\d+)/.exec(client)?.[1]).filter((id) => id !== undefined);
  for (const id of ids) await redis.call('CLIENT', 'KILL', 'ID', id, 'SKIPME', 'yes');
}
