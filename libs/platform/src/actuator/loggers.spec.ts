import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { derivedKeys } from '../auth/identity-keys.js';
import { createService } from '../bootstrap/service.js';
import type { ServiceOptions } from '../bootstrap/service-options.js';
import { LogLevels } from '../logging/log-levels.js';
import { registerLoggers } from './loggers.js';

@Controller()
class TalkingController {
  private readonly logger = new Logger('Talking');

  @Get('talk')
  talk() {
    this.logger.debug('talked');
    return 'ok';
  }
}

@Module({ controllers: [TalkingController] })
class TalkingModule {}

const options: ServiceOptions = {
  name: 'sample',
  version: '1.2.3',
  revision: 'abc123',
  port: 0,
  host: '127.0.0.1',
  portVariable: 'SAMPLE_PORT',
  logLevel: 'error',
  shutdownDelayMs: 0,
  identityKeys: derivedKeys(['a-secret-of-at-least-thirty-two-characters']),
};

interface Answer {
  status: number;
  type: string | undefined;
  body: unknown;
}

/** A request with any headers, `Host` included. */
function ask(
  url: string,
  method: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    request(url, { method, headers: { ...type, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'],
          body: text === '' ? undefined : JSON.parse(text),
        }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

describe('/actuator/loggers of a service', () => {
  let app: NestFastifyApplication;
  afterEach(() => app.close());

  async function start(extra: Partial<ServiceOptions> = {}) {
    app = await createService(TalkingModule, { ...options, ...extra });
    await app.listen(0, '127.0.0.1');
    const base = `http://127.0.0.1:${new URL(await app.getUrl()).port}`;
    const loggers = `${base}/actuator/loggers`;
    const set = (name: string, level: string | null, headers = {}) =>
      ask(`${loggers}/${name}`, 'POST', JSON.stringify({ configuredLevel: level }), headers);
    return { base, loggers, set, levels: app.get(LogLevels) };
  }

  it('tells the levels in the shape of Spring Boot', async () => {
    const { loggers } = await start();
    new Logger('Sample').log('so that it is known');
    const { status, body } = await ask(loggers, 'GET');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      levels: ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'],
      loggers: {
        ROOT: { configuredLevel: 'ERROR', effectiveLevel: 'ERROR' },
        Sample: { configuredLevel: null, effectiveLevel: 'ERROR' },
      },
    });
  });

  it('sets the level of one logger and of all, and resets it', async () => {
    const { loggers, set, levels } = await start();
    expect(await set('Sample', 'DEBUG')).toMatchObject({ status: 204, body: undefined });
    expect((await ask(`${loggers}/Sample`, 'GET')).body).toEqual({
      configuredLevel: 'DEBUG',
      effectiveLevel: 'DEBUG',
    });
    expect([levels.allows('debug', 'Sample'), levels.allows('debug', 'Other')]).toEqual([true, false]);
    await set('ROOT', 'off');
    expect([levels.allows('debug', 'Sample'), levels.allows('fatal', 'Other')]).toEqual([true, false]);
    await set('Sample', null);
    expect(levels.allows('fatal', 'Sample')).toBe(false);
    expect((await ask(`${loggers}/ROOT`, 'POST', '{}')).status).toBe(204);
    expect((await ask(`${loggers}/ROOT`, 'GET')).body).toEqual({
      configuredLevel: 'ERROR',
      effectiveLevel: 'ERROR',
    });
    expect((await ask(`${loggers}/Sample`, 'GET')).status).toBe(404);
  });

  it.each([
    '{"configuredLevel":"LOUD"}',
    '{"configuredLevel":5}',
    '{"level":"INFO"}',
    '[]',
    '"INFO"',
    '{"a":',
    '',
  ])('refuses %j with a problem', async (body) => {
    const { loggers, levels } = await start();
    const answer = await ask(`${loggers}/ROOT`, 'POST', body);
    expect(answer).toMatchObject({ status: 400, body: { status: 400, requestId: expect.any(String) } });
    expect(answer.type).toContain('application/problem+json');
    expect(levels.of('ROOT')?.effective).toBe('error');
  });

  it.each([
    ['through a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['through one that says it otherwise', { forwarded: 'for=203.0.113.7' }],
    ['from a page', { origin: 'https://evil.example' }],
    ['under a name that points here', { host: 'evil.example' }],
  ])('refuses what comes %s, and shows it the levels', async (_, headers) => {
    const { loggers, set, levels } = await start();
    const answer = await set('ROOT', 'TRACE', headers);
    expect(answer).toMatchObject({ status: 403, body: { status: 403 } });
    expect(levels.of('ROOT')?.effective).toBe('error');
    expect((await ask(loggers, 'GET', undefined, headers)).status).toBe(200);
  });

  it('lets nobody set levels on the public port of the edge', async () => {
    const { set, levels } = await start({ isPublic: true });
    expect((await set('ROOT', 'OFF')).status).toBe(403);
    expect(levels.of('ROOT')?.effective).toBe('error');
  });

  it('is not on the port of the service where the actuator has its own', async () => {
    const { loggers, set } = await start({ managementPort: 1 });
    expect([(await ask(loggers, 'GET')).status, (await set('ROOT', 'OFF')).status]).toEqual([401, 401]);
  });

  it('takes a level for so many loggers and names so long only', async () => {
    const { set, levels } = await start();
    expect((await set('x'.repeat(201), 'INFO')).status).toBeGreaterThanOrEqual(400);
    for (let n = 0; n < 600; n++) levels.set(`n${n}`, 'info');
    expect((await set('one-more', 'INFO')).status).toBe(400);
    expect((await set('n1', 'WARN')).status).toBe(204);
  });
});

describe('/actuator/loggers on a port of its own', () => {
  let server: FastifyInstance;
  afterEach(() => server.close());

  it('obeys who reaches it, and answers with problems there, too', async () => {
    server = fastify();
    const levels = new LogLevels('info');
    registerLoggers(server, levels, 'anybody');
    const base = await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `${base}/actuator/loggers/ROOT`;
    expect((await ask(url, 'POST', '{"configuredLevel":"TRACE"}', { host: 'pod.example' })).status).toBe(204);
    expect(levels.of('ROOT')?.effective).toBe('trace');
    for (const body of ['{"configuredLevel":"LOUD"}', '{"a":', '']) {
      const answer = await ask(url, 'POST', body);
      expect([answer.status, answer.type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    }
  });
});
