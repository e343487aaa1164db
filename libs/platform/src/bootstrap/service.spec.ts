import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { edgeName, identityHeader } from '@flowchart/contracts';
import { z } from 'zod';
import { HealthRegistry } from '../actuator/health.registry.js';
import { AssertionSigner } from '../auth/assertion.js';
import { derivedKeys } from '../auth/identity-keys.js';
import { AppError, defineErrors } from '../errors/app-error.js';
import { ZodPipe } from '../validation/zod.pipe.js';
import { createService } from './service.js';
import type { ServiceOptions } from './service-options.js';

const errors = defineErrors({ TEAPOT: { status: 418, title: 'I am a teapot' } });
const identityKeys = derivedKeys(['a-secret-of-at-least-thirty-two-characters']);
const signer = new AssertionSigner({ name: edgeName, identityKeys }, 'sample');
const asEdge = () => ({ [identityHeader]: signer.sign() });

@Controller()
class SampleController {
  @Get('items/:id')
  item(@Query(new ZodPipe(z.strictObject({ size: z.string().optional() }))) query: { size?: string }) {
    return { size: query.size ?? null };
  }

  @Get('teapot')
  teapot(): never {
    throw new AppError(errors.TEAPOT, 'Short and stout.', {
      extensions: { handle: 'here' },
      headers: { 'x-spout': '1' },
    });
  }

  @Get('bug')
  bug(): never {
    throw new Error('the password is swordfish');
  }

  @Get('database-down')
  databaseDown(): never {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const options: ServiceOptions = {
  name: 'sample',
  version: '1.2.3',
  revision: 'abc123',
  port: 0,
  host: '127.0.0.1',
  portVariable: 'SAMPLE_PORT',
  logLevel: 'silent',
  shutdownDelayMs: 0,
  identityKeys,
};

describe('a service on the platform', () => {
  let app: NestFastifyApplication;
  let base: string;

  beforeAll(async () => {
    app = await createService(SampleModule, options);
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${base}${path}`, { headers: { ...asEdge(), ...headers } });
  const post = (body: string | Buffer, type = 'application/json') =>
    fetch(`${base}/echo`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { ...asEdge(), 'content-type': type },
    });

  describe('errors', () => {
    it('renders expected trouble with its code, extensions and headers', async () => {
      const answer = await get('/teapot?x=1', { 'x-request-id': 'req-1' });
      expect(answer.status).toBe(418);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('x-spout')).toBe('1');
      expect(await answer.json()).toEqual({
        type: 'urn:flowchart:problem:teapot',
        title: 'I am a teapot',
        status: 418,
        detail: 'Short and stout.',
        instance: '/teapot',
        requestId: 'req-1',
        handle: 'here',
      });
    });

    it('tells nothing about a bug', async () => {
      const answer = await get('/bug');
      expect(answer.status).toBe(500);
      expect(await answer.text()).not.toContain('swordfish');
    });

    it('tells callers to come back when a dependency is away, and not which', async () => {
      const answer = await get('/database-down');
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await answer.text()).not.toContain('10.0.0.1');
    });

    it.each(['/nowhere', '/items/%FF', '/items/1?size=a&size=b', '/items/1?colour=red'])(
      'answers %s with a problem of the client',
      async (path) => {
        const answer = await get(path);
        const problem = (await answer.json()) as { status: number; requestId: string };
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(problem.status).toBe(answer.status);
        expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
        expect([400, 404]).toContain(answer.status);
      },
    );
  });

  describe('bodies', () => {
    it.each([
      ['half a document', '{"a":', 400],
      ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
      ['prototype poisoning', '{"__proto__":{"admin":true}}', 400],
      ['more than 100 KB', JSON.stringify({ a: 'x'.repeat(1024 * 1024) }), 413],
    ])('refuses %s', async (_, body, status) => {
      const answer = await post(body);
      expect(answer.status).toBe(status);
      expect(((await answer.json()) as { status: number }).status).toBe(status);
    });

    it('refuses what is not JSON', async () => {
      expect((await post('a=1', 'application/x-www-form-urlencoded')).status).toBe(415);
    });

    it('takes any valid JSON', async () => {
      expect(await (await post('{"name":"Zoë 🎓"}')).json()).toEqual({ body: { name: 'Zoë 🎓' } });
    });
  });

  describe('request ids', () => {
    it('takes over a sane one', async () => {
      expect((await get('/items/1', { 'x-request-id': 'trace:42' })).headers.get('x-request-id')).toBe(
        'trace:42',
      );
    });

    it.each(['has blanks', 'x'.repeat(200), '<script>'])('replaces %s', async (given) => {
      expect((await get('/items/1', { 'x-request-id': given })).headers.get('x-request-id')).toMatch(
        /^[\w-]{12}-[\da-z]+$/,
      );
    });
  });

  describe('actuator', () => {
    const json = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>>;

    it('counts requests by route template, so that labels stay few', async () => {
      for (let id = 0; id < 50; id++) await get(`/items/${id}`);
      for (let id = 0; id < 50; id++) await get(`/nowhere/${id}`);
      const meter = await json('/actuator/metrics/http.server.requests');
      const { values } = (meter['availableTags'] as { tag: string; values: string[] }[]).find(
        ({ tag }) => tag === 'uri',
      ) ?? {
        values: [],
      };
      expect(values).toContain('/items/{id}');
      expect(values).toContain('UNKNOWN');
      expect(values.length).toBeLessThan(20);
    });

    it('drills down by tag', async () => {
      const meter = await json('/actuator/metrics/http.server.requests?tag=uri:/items/{id}&tag=status:200');
      const [count] = meter['measurements'] as { statistic: string; value: number }[];
      expect(count).toMatchObject({ statistic: 'COUNT' });
      expect(count?.value).toBeGreaterThanOrEqual(50);
      expect((await get('/actuator/metrics/http.server.requests?tag=uri:/none')).status).toBe(404);
    });

    it.each([
      'jvm.memory.used',
      'jvm.threads.live',
      'process.uptime',
      'nodejs.eventloop.delay',
      'process.cpu.usage',
    ])('tells %s', async (name) => {
      const meter = await json(`/actuator/metrics/${name}`);
      expect(meter['name']).toBe(name);
      expect((meter['measurements'] as { value: number }[])[0]?.value).toEqual(expect.any(Number));
    });

    it('lists the names, and answers 404 for others', async () => {
      expect((await json('/actuator/metrics'))['names']).toEqual(
        expect.arrayContaining(['http.server.requests', 'jvm.gc.pause', 'nodejs.memory.heap.used']),
      );
      expect((await get('/actuator/metrics/nope')).status).toBe(404);
    });

    it('exposes the same to Prometheus', async () => {
      const text = await (await get('/actuator/prometheus')).text();
      expect(text).toMatch(
        /^http_server_requests_seconds_bucket\{.*uri="\/items\/\{id\}".*le="\+Inf".*\} \d+/m,
      );
      expect(text).toMatch(/^nodejs_memory_heap_used \d+/m);
    });

    it('tells what it is', async () => {
      expect(await json('/actuator/info')).toMatchObject({
        app: { name: 'sample', version: '1.2.3' },
        git: { commit: 'abc123' },
      });
    });
  });

  describe('health', () => {
    it('goes down with a critical dependency only, and never for liveness', async () => {
      let works = true;
      const health = app.get(HealthRegistry);
      health.add({ name: 'extra', critical: false, check: () => Promise.reject(new Error('away')) });
      health.add({
        name: 'db',
        critical: true,
        check: async () => (works ? { ok: 1 } : Promise.reject(new Error('gone'))),
      });

      expect((await get('/actuator/health')).status).toBe(200);
      works = false;
      const down = await get('/actuator/health/readiness');
      expect(down.status).toBe(503);
      expect(await down.json()).toMatchObject({
        status: 'DOWN',
        components: { db: { status: 'DOWN', details: { error: 'gone' } }, extra: { status: 'DOWN' } },
      });
      expect((await get('/actuator/health/liveness')).status).toBe(200);
      works = true;
    });
  });

  it('sends clients away while it drains, and wants no new ones', async () => {
    const draining = await createService(SampleModule, options);
    await draining.listen(0, '127.0.0.1');
    draining.get(HealthRegistry).drain();
    const answer = await fetch(`${await draining.getUrl()}/items/1`, { headers: asEdge() });
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const readiness = await fetch(`${await draining.getUrl()}/actuator/health/readiness`);
    expect([readiness.status, await readiness.json()]).toMatchObject([503, { status: 'OUT_OF_SERVICE' }]);
    await draining.close();
  });

  it('answers garbage on the socket with 400 and lives on', async () => {
    const { hostname, port } = new URL(base);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('\x16\x03\x01 not http\r\n\r\n'));
      socket.once('data', (data) => resolve(data.toString())).once('error', reject);
    });
    expect(answer).toContain('400');
    expect((await get('/items/1')).status).toBe(200);
  });
});
