import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { testRedisUrl } from '@flowchart/testing';
import fc from 'fast-check';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

describe('whatever is sent', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl());
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });

  /** Sends bytes as they are, which no HTTP client would do. */
  async function raw(request: string | Buffer): Promise<RawAnswer> {
    const { port } = new URL(edge.url);
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.write(request);
    // Not before: to a client that has gone away already nothing is sent.
    socket.once('data', () => socket.end());
    await once(socket, 'close');
    const [headers = '', ...body] = text.split('\r\n\r\n');
    return {
      status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0),
      headers: headers.toLowerCase(),
      body: body.join('\r\n\r\n'),
    };
  }
  const expectProblemHeaders = ({ headers }: RawAnswer) => {
    expect(headers).toContain('content-type: application/problem+json');
    expect(headers).toContain('x-content-type-options: nosniff\r\n');
    expect(headers).toContain("content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n");
    expect(headers).toMatch(/cache-control: (private, )?no-store\r\n/);
    expect(headers).toMatch(/x-request-id: \S+/);
  };
  const get = (path: string, method = 'GET') =>
    raw(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);

  it.each([
    ['/courses?limit=0', 400],
    ['/courses?limit=1e9', 400],
    ['/courses?limit=101', 400],
    ['/courses?limit=-1', 400],
    ['/courses?limit=', 400],
    ['/courses?limit=5&limit=6', 400],
    ['/courses?limit[]=5', 400],
    ['/courses?cursor=%00', 400],
    ['/courses?cursor=not%20ours', 400],
    ['/courses?level=HIGH', 400],
    ['/courses?term=WINTER', 400],
    ['/courses?q=%00', 400],
    ['/courses?q=%0d%0aset-cookie:a=b', 400],
    ['/courses?q=', 400],
    [`/courses?q=${'a'.repeat(101)}`, 400],
    [`/courses?department=${'a'.repeat(3000)}`, 414],
    ['/courses?unknown=1', 400],
    ['/courses?__proto__=1', 400],
    ['/courses?constructor=1', 400],
    ['/courses/not-a-uuid', 400],
    ['/courses/%00', 400],
    ['/courses/%FF', 400],
    ['/courses/%zz', 400],
    [`/courses/${'a'.repeat(300)}`, 414],
    ['/courses/code/cs101', 404],
    ['/courses/code/', 400],
    ['/courses/code/CS101%2F..%2F..', 404],
    ['/courses/../auth/status', 404],
    ['//courses', 404],
    ['/courses//', 400],
    ['/courses;a=b', 404],
    ['/COURSES', 404],
    ['/internal/credentials', 404],
    ['/internal/courses', 404],
    ['/actuator/nothing', 404],
    ['/degrees?q=x', 400],
    ['/auth/status?x=1', 400],
    ['/students/00000000-0000-4000-8000-000000000002', 404],
    ['/students/me', 401],
    ['/', 404],
  ])('GET %s is %d, as a problem', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expectProblemHeaders(answer);
    expect(JSON.parse(answer.body)).toMatchObject({
      status,
      requestId: expect.any(String),
      instance: expect.any(String),
    });
  });

  it.each([
    ['/courses', 'GET, HEAD, POST'],
    ['/courses/0b5f0f64-6a43-4d6b-9d0c-0123456789ab', 'GET, HEAD, PUT, DELETE'],
    ['/degrees', 'GET, HEAD'],
    ['/auth/login', 'POST'],
    ['/students/me/plan', 'GET, HEAD, PUT'],
    ['/openapi.json', 'GET, HEAD'],
  ])('other methods on %s are 405 and tell those there are', async (path, allow) => {
    for (const method of ['PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
      const answer = await get(path, method);
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers).toContain(`allow: ${allow.toLowerCase()}\r\n`);
    }
  });

  it('an insane request id is replaced, a sane one kept, and no header can be smuggled in by it', async () => {
    const withId = (id: string) =>
      raw(`GET /degrees?x HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\nconnection: close\r\n\r\n`);
    expect((await withId('sane-1')).headers).toContain('x-request-id: sane-1');
    expect((await withId('in"sane')).headers).not.toContain('in"sane');
    expect((await withId('a'.repeat(200))).headers).not.toContain('a'.repeat(200));
  });

  it.each(['/courses?limit=1', '/nothing', '/actuator/health', '/%zz'])(
    'GET %s without Host is 400',
    async (path) => {
      // Also where the answer is at hand.
      for (let time = 0; time < 3; time++) await get(path);
      const answer = await raw(`GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`);
      expect(answer.status).toBe(400);
      expectProblemHeaders(answer);
    },
  );

  it('an expectation that nobody knows is ignored', async () => {
    const answer = await raw(
      'GET /nothing HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\nconnection: close\r\n\r\n',
    );
    expect(answer.status).toBe(404);
    expectProblemHeaders(answer);
  });

  it('HTTP/1.0 needs no Host', async () => {
    expect((await raw('GET /actuator/health/liveness HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a broken header', 'GET /courses HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n', 400],
    ['too many headers', `GET /courses HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ])('%s is a problem before there is a request', async (_, request, status) => {
    const answer = await raw(request);
    expect(answer.status).toBe(status);
    expectProblemHeaders(answer);
    expect(answer.headers).toContain('connection: close');
    const problem = JSON.parse(answer.body) as { requestId: string };
    expect(problem).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) });
    expect(answer.headers).toContain(`x-request-id: ${problem.requestId.toLowerCase()}`);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['an unknown method', 'FOO /courses HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['no host', 'GET /courses HTTP/1.1\r\n\r\n'],
    [
      'two lengths',
      'POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['headers without end', `GET /courses HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`],
    [
      'raw bytes in the path',
      Buffer.from('GET /courses?q=\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'latin1'),
    ],
  ])('%s gets no 5xx', async (_, request) => {
    const answer = await raw(request);
    expect(answer.status === 0 || answer.status < 500).toBe(true);
    expect((await get('/actuator/health/liveness')).status).toBe(200);
  });

  it('no path and query of any kind gets a 5xx', async () => {
    const paths = edgeRoutes.map(({ path }) => path.replaceAll(/\{\w+\}/g, 'x'));
    const piece = fc.oneof(
      fc.constantFrom(
        ...paths,
        'limit=',
        'q=',
        'cursor=',
        'level=',
        '?',
        '&',
        '=',
        '/',
        '%',
        '%00',
        '%ff',
        '..',
        ';',
        '#',
        '[]',
      ),
      fc
        .string({ unit: 'grapheme-ascii', maxLength: 8 })
        .map((text) => text.replaceAll(/[\s\x00-\x20\x7f]/g, '')),
      fc.string({ maxLength: 6 }).map(encodeURIComponent),
    );
    const request = fc.tuple(
      fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE'),
      fc.array(piece, { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ([method, pieces]) => {
        const answer = await get(`/${pieces.join('')}`, method);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });
});
