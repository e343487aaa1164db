import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { logRequests } from './request-log.js';
import { ServiceLogger } from './service-logger.js';

type Line = Record<string, unknown>;

describe('the log', () => {
  let server: FastifyInstance;
  afterEach(() => server.close());

  /** A server whose handlers log, and the lines that it wrote. */
  function start(level: string): { server: FastifyInstance; logger: ServiceLogger; lines: Line[] } {
    const lines: Line[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString('utf8')) as Line);
        done();
      },
    });
    const logger = new ServiceLogger('sample', level, destination);
    server = fastify({ genReqId: ({ headers }) => String(headers['x-request-id']) });
    logRequests(server, logger);
    server.get('/deep', async () => {
      await sleep(1);
      logger.warn({ reason: 'deep' }, 'found something', 'Deep');
      return 'ok';
    });
    server.post('/body', async () => logger.warn('took it', 'Body'));
    server.get('/bad', async (_request, reply) => reply.status(503).send('no'));
    server.get('/actuator/health', async (_request, reply) => reply.status(503).send('DOWN'));
    return { server, logger, lines };
  }
  const get = (url: string, id: string) => server.inject({ url, headers: { 'x-request-id': id } });

  it('has the request id on each line of a request, however deep, and of requests side by side', async () => {
    const { lines, logger } = start('info');
    await Promise.all([get('/deep', 'one'), get('/deep', 'two')]);
    logger.log('outside', 'Main');
    expect(lines.slice(0, 2).map(({ requestId }) => requestId)).toEqual(['one', 'two']);
    expect(lines[0]).toMatchObject({
      service: 'sample',
      context: 'Deep',
      reason: 'deep',
      msg: 'found something',
    });
    expect(lines[2]).toMatchObject({ context: 'Main', msg: 'outside' });
    expect(lines[2]).not.toHaveProperty('requestId');
  });

  it('has it also after a body was read', async () => {
    const { lines } = start('info');
    const base = await server.listen();
    await fetch(`${base}/body`, {
      method: 'POST',
      headers: { 'x-request-id': 'one', 'content-type': 'application/json' },
      body: JSON.stringify('x'.repeat(100_000)),
    });
    expect(lines).toMatchObject([{ requestId: 'one', msg: 'took it' }]);
  });

  it('tells of requests that failed as errors, and of probes nothing', async () => {
    const { lines } = start('info');
    await get('/bad?x=1', 'one');
    await get('/actuator/health', 'two');
    await get('/deep', 'three');
    const [failed] = lines;
    expect(failed).toMatchObject({
      level: 50,
      requestId: 'one',
      method: 'GET',
      url: '/bad?x=1',
      status: 503,
    });
    expect(lines.map(({ requestId }) => requestId)).toEqual(['one', 'three']);
  });

  it('tells of every request where it is asked for details', async () => {
    const { lines } = start('debug');
    await get('/nowhere', 'one');
    expect(lines).toMatchObject([
      { level: 20, requestId: 'one', status: 404, durationMs: expect.any(Number) },
    ]);
  });

  it('takes errors, with a text and without, and what Nest hands on', () => {
    const { lines, logger } = start('info');
    logger.error(new Error('broken'), 'Sample');
    logger.error('went wrong', 'Error: here\n    at there', 'ExceptionsHandler');
    logger.log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(lines).toMatchObject([
      { msg: 'broken', err: { message: 'broken' }, context: 'Sample' },
      { msg: 'went wrong', stack: expect.stringContaining('at there'), context: 'ExceptionsHandler' },
    ]);
  });
});
