import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { AccessLog, type AccessLogOptions } from './access-log.js';
import { type LogLevel, LogLevels } from './log-levels.js';
import { Tracing } from '../tracing/tracing.js';
import { logRequests } from './request-log.js';
import { ServiceLogger } from './service-logger.js';

type Line = Record<string, unknown>;

describe('the log', () => {
  let server: FastifyInstance;
  afterEach(() => server.close());

  /** A server whose handlers log, and the lines that it wrote. */
  function start(level: LogLevel, access: AccessLogOptions = { perSecond: 0, slowMs: 1000 }) {
    const lines: Line[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString('utf8')) as Line);
        done();
      },
    });
    const levels = new LogLevels(level);
    const logger = new ServiceLogger({ name: 'sample', version: '1.2.3' }, levels, destination);
    server = fastify({ genReqId: ({ headers }) => String(headers['x-request-id']) });
    logRequests(server, new AccessLog(logger, access), new Tracing());
    server.get('/deep', async () => {
      await sleep(1);
      logger.warn({ reason: 'deep' }, 'found something', 'Deep');
      return 'ok';
    });
    server.get('/quiet', async () => 'ok');
    server.get('/slow', async () => sleep(60, 'ok'));
    server.post('/body', async () => logger.warn('took it', 'Body'));
    server.get('/bad', async (_request, reply) => reply.status(503).send('no'));
    server.get('/actuator/health', async (_request, reply) => reply.status(503).send('DOWN'));
    return { server, logger, levels, lines };
  }
  const get = (url: string, id: string, headers = {}) =>
    server.inject({ url, headers: { 'x-request-id': id, ...headers } });
  const idsOf = (lines: Line[]) => lines.map((line) => line['http.request.id']);

  it('has the request id on each line of a request, however deep, and of requests side by side', async () => {
    const { lines, logger } = start('info');
    await Promise.all([get('/deep', 'one'), get('/deep', 'two')]);
    logger.log('outside', 'Main');
    expect(idsOf(lines)).toEqual(['one', 'two', undefined]);
    expect(lines[0]).toMatchObject({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'log.level': 'warn',
      'ecs.version': expect.any(String),
      'service.name': 'sample',
      'service.version': '1.2.3',
      'log.logger': 'Deep',
      flowchart: { reason: 'deep' },
      message: 'found something',
    });
    expect(lines[2]).toMatchObject({ 'log.logger': 'Main', message: 'outside' });
  });

  it('has the trace that the caller is in, and none that is made up', async () => {
    const { lines } = start('info');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await get('/deep', 'one', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    await get('/deep', 'two', { traceparent: `00-${trace}-"injected"-01` });
    expect(lines[0]).toMatchObject({ 'trace.id': trace, 'span.id': '00f067aa0ba902b7' });
    expect(lines[1]).not.toHaveProperty(['trace.id']);
  });

  it('has both also after a body was read', async () => {
    const { lines } = start('info');
    const base = await server.listen();
    await fetch(`${base}/body`, {
      method: 'POST',
      headers: {
        'x-request-id': 'one',
        'content-type': 'application/json',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
      body: JSON.stringify('x'.repeat(100_000)),
    });
    expect(lines).toMatchObject([
      { 'http.request.id': 'one', 'trace.id': 'a'.repeat(32), message: 'took it' },
    ]);
  });

  it('tells of requests that failed as errors, without their secrets, and of probes nothing', async () => {
    const { lines } = start('info');
    await get('/bad?x=1&access_token=swordfish', 'one');
    await get('/actuator/health', 'two');
    await get('/deep', 'three');
    expect(lines[0]).toMatchObject({
      'log.level': 'error',
      'http.request.id': 'one',
      'http.request.method': 'GET',
      'url.path': '/bad',
      'url.query': 'x=1&access_token=[redacted]',
      'http.response.status_code': 503,
      'event.duration': expect.any(Number),
    });
    expect(idsOf(lines)).toEqual(['one', 'three']);
  });

  it('tells of slow ones always, as warnings, and how long they took in nanoseconds', async () => {
    const { lines } = start('warn', { perSecond: 0, slowMs: 30 });
    await get('/quiet', 'one');
    await get('/slow', 'two');
    expect(idsOf(lines)).toEqual(['two']);
    expect(lines[0]).toMatchObject({ 'log.level': 'warn', message: 'request was slow' });
    expect(lines[0]?.['event.duration']).toBeGreaterThan(50e6);
  });

  it('tells of a few of the others under load, and how many it left out', async () => {
    const { lines } = start('info', { perSecond: 2, slowMs: 10_000 });
    for (let n = 0; n < 50; n++) await get('/quiet', `n${n}`);
    await get('/bad', 'bad');
    const answered = lines.filter(({ message }) => message === 'request answered');
    expect(answered.length).toBeGreaterThanOrEqual(2);
    expect(answered.length).toBeLessThan(10);
    for (let n = 0; n < 10; n++) await get('/quiet', `m${n}`);
    await server.close();
    const suppressed = lines.map(({ flowchart }) => (flowchart as { suppressed?: number })?.suppressed ?? 0);
    const written = lines.filter((line) => line['http.request.id'] !== undefined).length;
    expect(suppressed.reduce((sum, count) => sum + count) + written).toBe(61);
    expect(lines.at(-1)).toMatchObject({ message: 'requests answered that were not logged' });
  });

  it('tells of every request where it is asked for details, also while it runs', async () => {
    const { lines, levels } = start('info');
    await get('/nowhere', 'one');
    levels.set('Request', 'debug');
    await get('/nowhere', 'two');
    levels.set('Request', null);
    await get('/nowhere', 'three');
    expect(lines).toMatchObject([{ 'http.request.id': 'two', 'http.response.status_code': 404 }]);
  });

  it('takes errors, with a text and without, and what Nest hands on', () => {
    const { lines, logger } = start('info');
    const cause = Object.assign(new TypeError('deeper'), { code: 'E_DEEP' });
    logger.error(new Error('broken', { cause }), 'Sample');
    logger.warn({ err: cause, status: 503 }, 'no answer', 'Sample');
    logger.error('went wrong', 'Error: here\n    at there', 'ExceptionsHandler');
    logger.log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(lines).toMatchObject([
      {
        message: 'broken',
        'error.type': 'Error',
        'error.message': 'broken',
        'error.stack_trace': expect.stringMatching(/^Error: broken\n[^]*caused by: TypeError: deeper\n/),
        'log.logger': 'Sample',
      },
      {
        message: 'no answer',
        'error.type': 'TypeError',
        'error.code': 'E_DEEP',
        'http.response.status_code': 503,
      },
      { message: 'went wrong', 'error.stack_trace': expect.stringContaining('at there') },
    ]);
    expect(lines).toHaveLength(3);
  });

  it('writes no secret, wherever it was put, and no line but its own', () => {
    const { lines, logger } = start('trace');
    const error = Object.assign(new Error('cannot use postgres://zoe:swordfish@db/x?token=swordfish'), {
      parameters: ['swordfish'],
      detail: 'Key (password)=(swordfish) exists',
      cause: new Error('authorization: Bearer swordfish'),
    });
    logger.error(error, 'Sample');
    logger.warn({ err: error, list: [{ accessToken: 'swordfish' }] }, 'password=swordfish', 'Sample');
    logger.log('cookie: sid=swordfish; other=swordfish', 'Sample');
    logger.error('failed', 'Error: token="swordfish"\n    at x', 'Sample');
    logger.log({ 'log.level': 'fatal', message: 'forged' }, 'line\n{"message":"forged"}', 'Sample');
    expect(JSON.stringify(lines)).not.toContain('swordfish');
    expect(lines).toHaveLength(5);
  });

  it('survives errors that were made to break it', () => {
    const { lines, logger } = start('info');
    const loop = new Error('loop');
    loop.cause = loop;
    const unreadable = new Error('x');
    Object.defineProperty(unreadable, 'message', {
      get: () => {
        throw new Error('swordfish');
      },
    });
    logger.warn({ err: loop }, 'loop', 'Sample');
    logger.warn({ err: unreadable }, 'unreadable', 'Sample');
    logger.warn({ err: undefined, nothing: null }, 'nothing', 'Sample');
    logger.warn({ err: 'just a text' }, 'text', 'Sample');
    expect(lines.map(({ message }) => message)).toEqual(['loop', 'unreadable', 'nothing', 'text']);
    expect(lines[3]).toMatchObject({ 'error.message': 'just a text' });
  });
});
