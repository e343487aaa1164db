import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deadlineHeader, identityHeader } from '@flowchart/contracts';
import { AssertionVerifier } from '@flowchart/platform';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { options } from '../config.js';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { student, TestOrigin } from '../testing/test-origin.js';

const plan = '/students/me/plan';
const courseId = '0b5f0f64-6a43-4d6b-9d0c-0123456789ab';

describe('forwarding', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let authorization: string;
  let registrar: string;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl());
    authorization = await edge.logIn('student1');
    registrar = await edge.logIn('registrar');
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });
  beforeEach(() => {
    origin.asked.length = 0;
    origin.on(`GET ${plan}`, {
      body: { version: 3 },
      headers: { etag: '"3"', 'set-cookie': 'a=b', 'x-powered-by': 'x' },
    });
    origin.on(`PUT ${plan}`, { body: { version: 4 }, headers: { etag: '"4"' } });
  });

  const put = (body: string, headers: Record<string, string> = {}) =>
    edge.fetch(plan, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json', 'if-match': '"3"', ...headers },
      body,
    });

  it('gives a private read with its validator, for no cache to keep', async () => {
    const answer = await edge.fetch(plan, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([200, { version: 3 }]);
    expect(answer.headers.get('etag')).toBe('"3"');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(origin.asked).toHaveLength(1);
  });

  it('tells the service who asks, signed, whatever the client claims', async () => {
    await edge.fetch(plan, {
      headers: { authorization, [identityHeader]: 'forged', cookie: 'a=b', 'x-request-id': 'r1' },
    });
    const headers = origin.asked[0]?.headers ?? {};
    const verifier = new AssertionVerifier({ ...options({}), name: 'student-service' });
    expect(verifier.verify(String(headers[identityHeader]))).toMatchObject({ identity: student });
    expect(headers).toMatchObject({ 'x-request-id': 'r1' });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });

  it('tells the service how long the client still waits', async () => {
    await edge.fetch(plan, { headers: { authorization } });
    const told = Number(origin.asked[0]?.headers[deadlineHeader]);
    expect(told).toBeGreaterThan(0);
    // Something of the second had passed when the call was made.
    expect(told).toBeLessThan(1000);
  });

  it('measures calls by service and outcome, and what protects them', async () => {
    await edge.fetch(plan, { headers: { authorization } });
    const valueOf = async (meter: string) => {
      const answer = await edge.fetch(`/actuator/metrics/${meter}`);
      return ((await answer.json()) as { measurements: { value: number }[] }).measurements[0]?.value;
    };
    const service = 'student-service';
    expect(
      await valueOf(`http.client.requests?tag=client_name:${service}&tag=outcome:SUCCESS`),
    ).toBeGreaterThan(0);
    expect(await valueOf('http.client.requests?tag=client_name:logins&tag=outcome:SUCCESS')).toBeGreaterThan(
      0,
    );
    for (const gauge of ['resilience.circuitbreaker.state', 'resilience.bulkhead.queued']) {
      expect(await valueOf(`${gauge}?tag=name:${service}`)).toBe(0);
    }
    expect(await valueOf(`resilience.retry.budget?tag=name:${service}`)).toBeGreaterThan(1);
  });

  it('hands a body on byte for byte, with the condition', async () => {
    const body = '{ "terms" : [ ] ,\n"é": 1e0 }';
    const answer = await put(body);
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"4"']);
    expect(origin.asked[0]?.body.toString('utf8')).toBe(body);
    expect(origin.asked[0]?.headers).toMatchObject({ 'if-match': '"3"', 'content-type': 'application/json' });
  });

  it.each(['"3-br"', '"3-gz"'])(
    'tells the service its own tag where the client read another coding: %s',
    async (tag) => {
      expect((await put('{}', { 'if-match': tag })).status).toBe(200);
      expect(origin.asked[0]?.headers).toMatchObject({ 'if-match': '"3"' });
    },
  );

  it.each([412, 422, 428, 409, 404])('passes a %d of the service on as it is', async (status) => {
    const problem = {
      type: 'urn:x',
      title: 'T',
      status,
      violations: [{ rule: 'PREREQUISITE' }],
      requestId: 'r',
    };
    origin.on(`PUT ${plan}`, { status, body: problem });
    const answer = await put('{}');
    expect([answer.status, await answer.json()]).toEqual([status, problem]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it.each([
    ['500', 502],
    ['401, which is not about the client but about the edge,', 502],
    ['503', 503],
  ])('turns a %s of the service into its own problem', async (theirs, ours) => {
    origin.on(`GET ${plan}`, { status: Number.parseInt(theirs), body: { stack: 'secret' } });
    const answer = await edge.fetch(plan, { headers: { authorization } });
    expect(answer.status).toBe(ours);
    expect(await answer.text()).not.toContain('secret');
  });

  it('tries a read again when the connection breaks, and never a write', async () => {
    let broken = 0;
    const breakOnce = () => {
      if (broken++ > 0) return { body: { version: 9 } };
      void origin.kill().then(() => origin.open());
      return new Promise<never>(() => undefined);
    };
    origin.on(`PUT ${plan}`, breakOnce);
    expect((await put('{}')).status).toBe(503);
    expect(origin.timesAsked(`PUT ${plan}`)).toBe(1);
    await eventually(async () => (await edge.fetch(plan, { headers: { authorization } })).status === 200);
  });

  it('answers 504 when the service takes too long', async () => {
    origin.on(`GET ${plan}`, () => new Promise<never>(() => undefined));
    const answer = await edge.fetch(plan, { headers: { authorization } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([504, '1']);
  });

  it('takes no parameters where the table names none', async () => {
    const answer = await edge.fetch(`${plan}?student=2`, { headers: { authorization } });
    expect(answer.status).toBe(400);
    expect(origin.asked).toHaveLength(0);
  });

  describe('bodies', () => {
    it('over 100 KB are refused with 413', async () => {
      const answer = await put(`"${'a'.repeat(1_000_000)}"`);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({
        status: 413,
        detail: 'A body may have at most 102400 bytes.',
      });
    });

    it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'])(
      'of type %s are refused with 415',
      async (type) => {
        expect((await put('{}', { 'content-type': type })).status).toBe(415);
      },
    );

    it('that are missing are refused with 400', async () => {
      const answer = await edge.fetch(plan, { method: 'PUT', headers: { authorization, 'if-match': '"3"' } });
      expect(answer.status).toBe(400);
    });

    it.each([
      ['invalid JSON', Buffer.from('{"username":')],
      ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
      ['the wrong shape', Buffer.from('[]')],
      ['an extra member', Buffer.from('{"username":"a","password":"b","admin":true}')],
      ['a prototype', Buffer.from('{"__proto__":{"username":"a","password":"b"}}')],
      ['nothing', Buffer.from('')],
    ])('of %s are refused by login with 400', async (_, body) => {
      const answer = await edge.fetch('/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ status: 400, instance: '/auth/login' });
    });
  });

  describe('writes of the registrar', () => {
    const create = (headers: Record<string, string>) => edge.post('/courses', { code: 'CS101' }, headers);

    it('need a login and the role', async () => {
      expect((await create({})).status).toBe(401);
      expect((await create({ authorization })).status).toBe(403);
      expect(origin.asked).toHaveLength(0);
    });

    it('are passed on with status and place', async () => {
      origin.on('POST /courses', {
        status: 201,
        body: { id: courseId },
        headers: { location: `/courses/${courseId}`, etag: '"1"' },
      });
      const answer = await create({ authorization: registrar });
      expect([answer.status, answer.headers.get('location')]).toEqual([201, `/courses/${courseId}`]);
    });

    it('have no body in the answer where the service has none', async () => {
      origin.on(`DELETE /courses/${courseId}`, { status: 204 });
      const answer = await edge.fetch(`/courses/${courseId}`, {
        method: 'DELETE',
        headers: { authorization: registrar, 'content-type': 'application/json' },
      });
      expect([answer.status, await answer.text()]).toEqual([204, '']);
    });

    it('take the tag of what was read, whatever its coding', async () => {
      const id = courseId.replace('0b5f', '1b5f');
      const body = { description: 'x'.repeat(2000), version: 1 };
      origin.on(`GET /courses/${id}`, { body, headers: { etag: '"1-0b5f0f64"' } });
      const read = await edge.fetch(`/courses/${id}`, { headers: { 'accept-encoding': 'br' } });
      expect([read.headers.get('content-encoding'), await read.json()]).toEqual(['br', body]);
      const etag = read.headers.get('etag') ?? '';
      expect(etag).toBe('"1-0b5f0f64-br"');
      for (const method of ['PUT', 'DELETE']) {
        origin.on(`${method} /courses/${id}`, { body: {} });
        await edge.fetch(`/courses/${id}`, {
          method,
          headers: { authorization: registrar, 'content-type': 'application/json', 'if-match': etag },
          body: '{}',
        });
        expect(origin.asked.at(-1)).toMatchObject({ method, headers: { 'if-match': '"1-0b5f0f64"' } });
      }
    });

    it('show at once on the edge that took them', async () => {
      const stored = (version: number) => ({
        body: { version },
        headers: { 'surrogate-key': 'course:CS101' },
      });
      origin.on(`GET /courses/${courseId}`, stored(1));
      await edge.fetch(`/courses/${courseId}`);
      origin.on(`PUT /courses/${courseId}`, stored(2));
      origin.on(`GET /courses/${courseId}`, stored(2));
      const written = await edge.fetch(`/courses/${courseId}`, {
        method: 'PUT',
        headers: { authorization: registrar, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(written.headers.get('surrogate-key')).toBeNull();
      expect(await (await edge.fetch(`/courses/${courseId}`)).json()).toEqual({ version: 2 });
    });
  });
});
