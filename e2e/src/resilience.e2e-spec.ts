/** Parts die under traffic: the rest keeps answering, and what comes back is used again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, type Call } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';

const REJOINS_WITHIN_MS = 10_000;

describe('a stack that loses parts', () => {
  let own: TestStack;
  let token: string;
  let baseUrl: string;
  const ask = (path: string, options: Call = {}): Promise<Answer> => call(path, { ...options, baseUrl });
  const status = async (path: string, options: Call = {}) => (await ask(path, options)).status;

  async function rejoins(path: string, options: Call = {}): Promise<void> {
    const deadlineMs = Date.now() + REJOINS_WITHIN_MS;
    while ((await status(path, options)) !== 200) {
      if (Date.now() > deadlineMs) throw new Error(`${path} was not back within ${REJOINS_WITHIN_MS} ms`);
      await sleep(100);
    }
  }

  beforeAll(async () => {
    own = await startTestStack();
    baseUrl = `http://127.0.0.1:${own.env['EDGE_PORT']}`;
    const { accessToken } = (
      await ask('/auth/login', { body: { username: 'student1', password: 'flowchart' } })
    ).json as {
      accessToken: string;
    };
    token = accessToken;
    // The audit needs the other services' data, of which student-service keeps a copy from the first time on.
    expect(await status('/students/me/audit', { token })).toBe(200);
  }, 120_000);
  afterAll(() => own?.stop(), 60_000);

  /** Whatever a test has killed is there again for the next. */
  afterEach(async () => {
    const running = new Set(own.stack.parts.map(({ name }) => name));
    for (const name of ['postgres', 'redis', 'course-service', 'student-service']) {
      if (!running.has(name)) await own.stack.restart(name);
    }
  }, 60_000);

  it('serves what it has while course-service is dead, says 503 for the rest, and takes it back', async () => {
    const cached = '/courses?level=GRADUATE';
    expect(await status(cached)).toBe(200);
    await own.stack.kill('course-service', 'SIGKILL');

    expect(await status(cached)).toBe(200);
    const unknown = await ask('/courses?q=never%20asked');
    expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    expect(await status('/degrees')).toBe(200);
    expect(await status('/students/me', { token })).toBe(200);
    expect(await status('/students/me/audit', { token })).toBe(200);

    await own.stack.restart('course-service');
    await rejoins('/courses?q=never%20asked');
  }, 60_000);

  it('answers reads from the cache and says 503 for private ones while student-service is dead', async () => {
    await own.stack.kill('student-service', 'SIGKILL');
    expect(await status('/courses')).toBe(200);
    expect(await status('/students/me', { token })).toBe(503);
    expect((await ask('/auth/status', { token })).json).toMatchObject({ authenticated: true });
    expect(await status('/auth/login', { body: { username: 'student1', password: 'flowchart' } })).toBe(503);
    await own.stack.restart('student-service');
    await rejoins('/students/me', { token });
  }, 60_000);

  it('goes on without Redis, sessions included, and uses it again', async () => {
    await own.stack.kill('redis', 'SIGKILL');
    for (const path of ['/courses', '/courses?q=statistics', '/degrees?limit=3'])
      expect(await status(path)).toBe(200);
    expect(await status('/students/me', { token })).toBe(200);
    const login = await ask('/auth/login', { body: { username: 'student2', password: 'flowchart' } });
    expect(login.status).toBe(200);

    await own.stack.restart('redis');
    expect(await status('/students/me', { token })).toBe(200);
    expect(await status('/students/me', { token: (login.json as { accessToken: string }).accessToken })).toBe(
      200,
    );
    await rejoins('/courses?q=after%20redis');
  }, 60_000);

  it('loses no acknowledged plan when PostgreSQL is killed', async () => {
    const plan = () => ask('/students/me/plan', { token });
    const etag = (await plan()).headers.get('etag') as string;
    const saved = await ask('/students/me/plan', {
      method: 'PUT',
      token,
      body: { terms: [] },
      headers: { 'if-match': etag },
    });
    expect(saved.status).toBe(200);
    await own.stack.kill('postgres', 'SIGKILL');
    expect(await status('/courses')).toBe(200);
    expect([503, 504]).toContain(await status('/students/me/transcript', { token }));

    await own.stack.restart('postgres');
    await rejoins('/students/me/transcript', { token });
    expect((await plan()).headers.get('etag')).toBe(saved.headers.get('etag'));
  }, 60_000);

  it('shows each part in the health of the edge', async () => {
    const health = await ask('/actuator/health');
    expect(health.json).toMatchObject({ status: 'UP', components: { redis: { status: 'UP' } } });
  });
});
