import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { testRedisUrl } from '@flowchart/testing';
import fc from 'fast-check';
import { RawClient } from '../testing/raw-client.js';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

const paths = edgeRoutes.map(({ path }) =>
  path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000001'),
);
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1'));
const text = fc.oneof(
  bytes,
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', ' ', '\0', '\t', '%00', '%'),
);

const target = fc.oneof(
  fc.constantFrom(...paths, '*', 'http://x/courses', '/../courses', '//', '/courses?'),
  fc.tuple(fc.constantFrom(...paths), text).map(([path, rest]) => `${path}?${rest}`),
  fc.tuple(fc.constantFrom(...paths), text).map(([path, rest]) => `${path}/${encodeURIComponent(rest)}`),
  text,
);
const requestLine = fc
  .tuple(
    fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get', 'M-SEARCH', ''),
    target,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.', 'http/1.1', ''),
  )
  .map((parts) => parts.join(' '));

const header = fc.oneof(
  fc.constantFrom(
    'host: x',
    'content-type: application/json',
    'content-type: application/json; charset=utf-16',
    'content-type: text/plain',
    'content-length: 2',
    'content-length: 5',
    'content-length: -1',
    'content-length: 99999999999999999999',
    'transfer-encoding: chunked',
    'transfer-encoding: gzip, chunked',
    'connection: close',
    'connection: upgrade',
    'upgrade: websocket',
    'expect: 100-continue',
    'expect: something',
    'authorization: Bearer',
    'authorization: Bearer a.b.c',
    'if-none-match: "',
    'if-none-match: W/*, "a"',
    'if-match: *',
    'accept-encoding: br;q=x, gzip;q=2, *;q=',
    'x-forwarded-for: ,,::,%',
    'x-request-id: \x7f',
    ' folded: yes',
    ': nameless',
  ),
  fc
    .tuple(fc.constantFrom('x-a', 'authorization', 'if-none-match', 'x-request-id', 'cookie'), text)
    .map((pair) => pair.join(': ')),
);

const body = fc.oneof(
  fc.constant(''),
  fc.json().map(String),
  fc.constantFrom(
    '{}',
    '{"username":"a"',
    '{"__proto__":{}}',
    '[[[[[[',
    '5\r\n{"a":\r\n0\r\n\r\n',
    'zz\r\n',
    '2;ext=1\r\n{}\r\n0\r\nx: y\r\n\r\n',
  ),
  text,
);

/** Whatever comes to mind. */
const wild = fc
  .tuple(requestLine, fc.array(header, { maxLength: 6 }), body, fc.constantFrom('\r\n', '\n'))
  .map(([line, headers, content, newline]) => [line, ...headers, '', content].join(newline));

/** Well-formed as HTTP, so that it gets further than the parser. */
const wellFormed = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
    path: fc.constantFrom(...paths),
    query: fc.option(fc.tuple(fc.constantFrom('q', 'limit', 'cursor', 'level', 'x'), text)),
    headers: fc.array(
      header.filter((line) => harmless.test(line)),
      { maxLength: 4 },
    ),
    type: fc.constantFrom(
      'application/json',
      'application/json',
      'text/plain',
      'application/json; charset=utf-16',
      '',
    ),
    content: body,
    chunked: fc.boolean(),
  })
  .map(({ method, path, query, headers, type, content, chunked }) => {
    const url = query ? `${path}?${query[0]}=${encodeURIComponent(Buffer.from(query[1]).toString())}` : path;
    const size = Buffer.byteLength(content, 'latin1');
    const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${size}`;
    const framed = chunked ? `${size ? `${size.toString(16)}\r\n${content}\r\n` : ''}0\r\n\r\n` : content;
    return [
      `${method} ${url} HTTP/1.1`,
      'host: x',
      `content-type: ${type}`,
      framing,
      ...headers,
      '',
      framed,
    ].join('\r\n');
  });

/** Headers that neither frame the body nor end the connection, in characters that a header may have. */
const harmless = /^(?!content-|transfer-|connection|upgrade|expect|host)[a-z-]+: [\t\x20-\x7e\x80-\xff]*$/;

const request = fc.oneof({ weight: 4, arbitrary: wellFormed }, { weight: 1, arbitrary: wild });

const connection = fc.array(request, { minLength: 1, maxLength: 3 });
const goodbye = 'GET /actuator/health/liveness HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('any bytes at all', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(
      origin,
      await testRedisUrl(),
      {},
      { headersTimeoutMs: 300, requestTimeoutMs: 300, checkEveryMs: 20 },
    );
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });

  /**
   * The statuses of all that is answered to pipelined requests until the connection ends. The last of them asks for that,
   * where it is understood; else a time limit of the edge comes. A client that closed its own side would not be answered.
   */
  const statusesOf = async (requests: readonly string[]): Promise<number[]> => {
    const client = new RawClient(edge.url).send(Buffer.from([...requests, goodbye].join(''), 'latin1'));
    await client.closed;
    return [...client.received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
  };

  it('are answered below 500 or with the end of the connection, and the edge goes on', async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { minLength: 10, maxLength: 10 }), async (connections) => {
        for (const status of (await Promise.all(connections.map(statusesOf))).flat()) {
          expect(status).toBeLessThan(500);
          seen.add(status);
        }
      }),
      { numRuns: 50, seed: 20_261_125 },
    );
    // Else it would show nothing but that the parser refuses.
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 415]));
    expect((await edge.fetch('/actuator/health/liveness')).status).toBe(200);
    expect((await edge.fetch('/auth/status')).status).toBe(200);
  });
});
