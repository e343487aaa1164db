import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { acceptedCodings } from './accept-encoding.js';
import { type StoredAnswer, storedAnswerCodec, storedPage, storedProblem } from './stored-answer.js';

const lifetime = { freshMs: 60_000, revalidateMs: 30_000, staleMs: 600_000 };
const page = (body: string | Buffer, etag?: string, tags = ['courses', 'course:CS101']) =>
  storedPage({ body: Buffer.from(body), contentType: 'application/json', etag, tags }, lifetime);
const long = JSON.stringify(Array.from({ length: 100 }, (_, code) => ({ code, title: 'Course' })));

/** What a client that sends `headers` gets of `answer` from a real server. */
async function ask(answer: StoredAnswer, headers: OutgoingHttpHeaders = {}) {
  const server = createServer((request, response) => {
    const accepted = acceptedCodings(request.headers['accept-encoding']);
    answer.send(request, response, { accepted, source: 'L1', ageSeconds: 3, requestId: 'r' });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(get({ port, headers, agent: false }), 'response')) as [IncomingMessage];
  const body = await buffer(response);
  server.close();
  return { status: response.statusCode, headers: response.headers, body };
}

const made = async (answer: StoredAnswer, header: string): Promise<number> => {
  let times = 0;
  await answer.prepare(acceptedCodings(header), () => times++);
  return times;
};

describe('a stored answer', () => {
  it('is the same after a journey through Redis, whatever bytes it has', () => {
    const bytes = Buffer.from([0, 10, 13, 255, 10, 123]);
    const back = storedAnswerCodec.decode(storedAnswerCodec.encode(page(bytes, '"7"')));
    expect(back).toEqual(page(bytes, '"7"'));
  });

  it('may be a problem', async () => {
    const problem = storedProblem({ type: 'urn:x', title: 'Gone', status: 404 }, ['courses'], lifetime);
    const back = storedAnswerCodec.decode(storedAnswerCodec.encode(problem));
    expect(back).toEqual(problem);
    const { status, headers } = await ask(back, { 'accept-encoding': 'br' });
    expect([status, headers['surrogate-key'], headers.vary, headers.etag]).toEqual([
      404,
      'courses',
      undefined,
      undefined,
    ]);
  });

  it('has a strong validator: the service’s if that is one, else one that the bytes decide', () => {
    expect(page('{}', '"7"').head.etag).toBe('"7"');
    expect(page('{}', 'W/"7"').head.etag).toBe(page('{}').head.etag);
    expect(page('{}').head.etag).not.toBe(page('[]').head.etag);
    expect(page('{}').head.etag).toMatch(/^"[\w-]+"$/);
  });

  it('cannot be read from something else', () => {
    expect(() => storedAnswerCodec.decode(Buffer.from('rubbish'))).toThrow();
  });

  it('names what it shows to whoever purges caches in front, and says nothing where it shows nothing', async () => {
    expect((await ask(page('{}', '"7"'))).headers['surrogate-key']).toBe('courses course:CS101');
    expect((await ask(page('{}', '"7"', []))).headers).not.toHaveProperty('surrogate-key');
  });
});

describe('the codings of a stored answer', () => {
  it.each([
    ['br', '"7-br"', brotliDecompressSync],
    ['gzip', '"7-gz"', gunzipSync],
  ])('%s: other bytes under another tag, of the same content', async (coding, etag, decode) => {
    const answer = page(long, '"7"');
    await made(answer, coding);
    const { headers, body } = await ask(answer, { 'accept-encoding': coding });
    expect(headers).toMatchObject({ 'content-encoding': coding, etag, vary: 'accept-encoding' });
    expect(headers['content-length']).toBe(String(body.length));
    expect(body.length).toBeLessThan(long.length / 2);
    expect(decode(body).toString()).toBe(long);
  });

  it('are not there until somebody has them made; until then the plain bytes serve', async () => {
    const answer = page(long, '"7"');
    const accepted = acceptedCodings('br');
    expect(answer.lacks(accepted)).toBe(true);
    const { headers, body } = await ask(answer, { 'accept-encoding': 'br' });
    expect([headers['content-encoding'], headers.etag, headers.vary]).toEqual([
      undefined,
      '"7"',
      'accept-encoding',
    ]);
    expect(body.toString()).toBe(long);
    await made(answer, 'br');
    expect(answer.lacks(accepted)).toBe(false);
    expect(answer.lacks(acceptedCodings('gzip'))).toBe(true);
  });

  it('are made once for all who want them at the same time', async () => {
    const answer = page(long);
    const times = await Promise.all(['br', 'br', 'br', 'gzip'].map((header) => made(answer, header)));
    expect(times).toEqual([1, 0, 0, 1]);
    expect(await made(answer, 'br')).toBe(0);
  });

  it('count in what an answer weighs', async () => {
    const answer = page(long);
    const before = storedAnswerCodec.sizeBytes(answer);
    await made(answer, 'br');
    const { body } = await ask(answer, { 'accept-encoding': 'br' });
    expect(storedAnswerCodec.sizeBytes(answer)).toBe(before + body.length);
  });

  it('do not exist for a short answer, which then does not vary', async () => {
    const answer = page('{"code":"CS101"}', '"7"');
    expect(answer.lacks(acceptedCodings('br'))).toBe(false);
    const { headers } = await ask(answer, { 'accept-encoding': 'br' });
    expect([headers.vary, headers['content-encoding'], headers.etag]).toEqual([undefined, undefined, '"7"']);
  });

  it('are given up where they do not pay', async () => {
    const answer = page(Buffer.from(crypto.getRandomValues(new Uint8Array(2000))), '"7"');
    await made(answer, 'br');
    expect(answer.lacks(acceptedCodings('br'))).toBe(false);
    const { headers } = await ask(answer, { 'accept-encoding': 'br' });
    expect([headers['content-encoding'], headers.etag]).toEqual([undefined, '"7"']);
  });

  it.each([
    ['"7"', 'br', '"7"'],
    ['"7-br"', 'br', '"7-br"'],
    ['W/"7-gz"', 'br, gzip', '"7-gz"'],
    ['"6", "7-br"', 'br', '"7-br"'],
    ['*', 'gzip', '"7-gz"'],
  ])('%s is still good for a client that takes %s, made or not', async (given, accepted, etag) => {
    const { status, headers, body } = await ask(page(long, '"7"'), {
      'if-none-match': given,
      'accept-encoding': accepted,
    });
    expect([status, headers.etag, headers.vary, body.length]).toEqual([304, etag, 'accept-encoding', 0]);
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    ['"7-br"', 'gzip'],
    ['"7-br"', undefined],
    ['"8"', 'br'],
    ['"7-zz"', 'br'],
  ])('%s is not what a client that takes %s can use', async (given, accepted) => {
    const headers = { 'if-none-match': given, ...(accepted && { 'accept-encoding': accepted }) };
    expect((await ask(page(long, '"7"'), headers)).status).toBe(200);
  });
});
