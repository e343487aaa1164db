import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLevels } from '@flowchart/platform';
import { testRedisUrl } from '@flowchart/testing';
import { startEdge, type TestEdge } from './testing/test-edge.js';
import { TestOrigin } from './testing/test-origin.js';

type Line = Record<string, unknown>;

const plan = '/students/me/plan';
const course = '/courses/code/CS101';
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${trace}-00f067aa0ba902b7-01`;

describe("the edge's log", () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let authorization: string;
  const lines: Line[] = [];
  const of = (id: string) => lines.filter((line) => line['http.request.id'] === id);

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(
      origin,
      await testRedisUrl(),
      {},
      {},
      {
        logLevel: 'info',
        logTo: { write: (line) => void lines.push(JSON.parse(line) as Line) },
        accessLog: { perSecond: 5, slowMs: 10_000 },
      },
    );
    origin.on(`GET ${plan}`, { body: { version: 3 } });
    origin.on(`GET ${course}`, { body: { code: 'CS101' }, headers: { 'surrogate-key': 'course:CS101' } });
    authorization = await edge.logIn('student1');
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });
  beforeEach(() => void edge.app.get(LogLevels).set('Request', 'debug'));

  it('tells of an answer from memory as of one from behind it', async () => {
    for (const id of ['behind', 'memory'])
      await edge.fetch(course, { headers: { 'x-request-id': id, traceparent } });
    for (const id of ['behind', 'memory']) {
      expect(of(id)).toMatchObject([
        {
          'log.level': 'info',
          'log.logger': 'Request',
          'service.name': 'edge-gateway',
          'trace.id': trace,
          'http.request.method': 'GET',
          'url.path': course,
          'http.response.status_code': 200,
          'event.duration': expect.any(Number),
        },
      ]);
    }
  });

  it('hands the trace on to the service, if it is one', async () => {
    origin.asked.length = 0;
    await edge.fetch(plan, { headers: { authorization, traceparent } });
    await edge.fetch(plan, { headers: { authorization, traceparent: `00-${trace}-x-01` } });
    expect(origin.asked.map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined]);
  });

  it('has nothing of a password, a token or a cookie, whatever went wrong', async () => {
    origin.on(`GET ${plan}`, { status: 500, body: {} });
    await edge.post(
      '/auth/login',
      { username: 'student1', password: 'swordfish' },
      { cookie: 'a=swordfish' },
    );
    for (const path of [plan, `${plan}?access_token=swordfish`])
      await edge.fetch(path, {
        headers: { authorization, 'x-request-id': 'failed', cookie: 'sid=swordfish' },
      });
    await edge.fetch(`/nowhere?%74oken=swordfish&url=https://u:swordfish@x/`, { headers: { authorization } });
    const failed = of('failed');
    expect(failed.map((line) => line['log.level'])).toContain('error');
    expect(JSON.stringify(lines)).not.toContain('swordfish');
    expect(JSON.stringify(lines)).not.toContain(authorization.slice('Bearer '.length));
  });

  it('leaves answers from memory out under load, and tells how many', async () => {
    edge.app.get(LogLevels).set('Request', null);
    lines.length = 0;
    for (let n = 0; n < 200; n++) await edge.fetch(course, { headers: { 'x-request-id': 'rush' } });
    expect(of('rush').length).toBeGreaterThanOrEqual(1);
    expect(of('rush').length).toBeLessThan(100);
    edge.app.get(LogLevels).set('Request', 'debug');
    await edge.fetch(course, { headers: { 'x-request-id': 'after' } });
    const suppressed = lines.map(({ flowchart }) => (flowchart as { suppressed?: number })?.suppressed ?? 0);
    expect(suppressed.reduce((sum, count) => sum + count) + of('rush').length).toBeGreaterThanOrEqual(200);
  });

  it('shows its levels to anybody, and lets nobody set them on its public port', async () => {
    expect(((await (await edge.fetch('/actuator/loggers/ROOT')).json()) as Line)['effectiveLevel']).toBe(
      'INFO',
    );
    const refused = await edge.post('/actuator/loggers/ROOT', { configuredLevel: 'OFF' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      403,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(edge.app.get(LogLevels).of('ROOT')?.effective).toBe('info');
  });
});
