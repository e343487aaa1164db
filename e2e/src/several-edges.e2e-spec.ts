/** Three edge processes before one set of services: what one does, all show. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Course } from '@flowchart/contracts';
import { type Answer, call, login } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';
import { underTraffic } from './traffic.js';

const CHANGES_SHOW_WITHIN_MS = 2000;
const LOGOUT_COUNTS_WITHIN_MS = 1000;
/** Before an edge gives up waiting for another one's answer. */
const ALL_HAVE_ASKED_AFTER_MS = 1000;
const REJOINS_WITHIN_MS = 10_000;

describe('three edges', () => {
  let own: TestStack;
  let edges: readonly string[];

  beforeAll(async () => {
    // One user asks here as fast as twelve clients can, and what a service was asked is counted.
    const env = { RATE_LIMIT_USER_PER_SECOND: '0', CACHE_WARM_UP: 'off' };
    own = await startTestStack({ edges: 3, env });
    ({ edges } = own);
  }, 120_000);
  afterAll(() => own?.stop(), 60_000);

  /** Whatever a test has killed is there again for the next. */
  afterEach(async () => {
    const running = new Set(own.stack.parts.map(({ name }) => name));
    for (const name of ['redis', 'course-service']) if (!running.has(name)) await own.stack.restart(name);
  }, 60_000);

  const onEach = (path: string, options = {}): Promise<Answer[]> =>
    Promise.all(edges.map((baseUrl) => call(path, { ...options, baseUrl })));

  async function eventually<T>(read: () => Promise<T>, isRight: (value: T) => boolean, limitMs: number) {
    const deadlineMs = Date.now() + limitMs;
    for (;;) {
      const value = await read();
      if (isRight(value) || Date.now() > deadlineMs) return value;
      await sleep(20);
    }
  }

  it('all show a course as it is after a change through one of them, in every answer that shows it', async () => {
    const { accessToken: token } = await login('registrar', 'flowchart', edges[0]);
    const paths = [
      '/courses/code/CS501',
      '/courses?q=CS501',
      '/courses?department=Computer%20Science&limit=100',
    ];
    const unrelated = '/courses?department=Physics';
    for (const path of [...paths, unrelated]) {
      // Twice: the second answer comes from the memory of the process itself.
      await onEach(path);
      expect((await onEach(path)).map(({ headers }) => headers.get('x-cache'))).toEqual(['L1', 'L1', 'L1']);
    }
    const [before] = await onEach('/courses/code/CS501');
    const { id, version, ...course } = before?.json as unknown as Course;
    const title = `${course.title}, revised`;
    const etag = before?.headers.get('etag') as string;
    const body = { ...course, title };
    const changed = await call(`/courses/${id}`, {
      method: 'PUT',
      token,
      body,
      headers: { 'if-match': etag },
      baseUrl: edges[0] as string,
    });
    expect([changed.status, (changed.json as Course).version]).toEqual([200, version + 1]);

    for (const path of paths) {
      const shown = await eventually(
        () => onEach(path),
        (answers) => answers.every(({ text }) => text.includes(title)),
        CHANGES_SHOW_WITHIN_MS,
      );
      expect(shown.map(({ text }) => text.includes(title))).toEqual([true, true, true]);
    }
    expect((await onEach(unrelated)).map(({ headers }) => headers.get('x-cache'))).toEqual([
      'L1',
      'L1',
      'L1',
    ]);
  }, 30_000);

  it('all refuse a session within a second of its logout on one of them', async () => {
    const { accessToken: token } = await login('student1', 'flowchart', edges[0]);
    const statuses = async () => (await onEach('/students/me', { token })).map(({ status }) => status);
    expect(await statuses()).toEqual([200, 200, 200]);
    await call('/auth/logout', { method: 'POST', token, baseUrl: edges[0] as string });
    await sleep(LOGOUT_COUNTS_WITHIN_MS);
    expect(await statuses()).toEqual([401, 401, 401]);
  }, 30_000);

  it('ask the origin once for a key that a thousand want at the same time', async () => {
    const path = '/courses?q=stampede';
    const asked = async (): Promise<number> => {
      const url = `http://127.0.0.1:${own.env['COURSE_SERVICE_PORT']}`;
      const metric = await call('/actuator/metrics/http.server.requests?tag=uri:/courses', { baseUrl: url });
      if (metric.status === 404) return 0;
      const { measurements } = metric.json as { measurements: { statistic: string; value: number }[] };
      return measurements.find(({ statistic }) => statistic === 'COUNT')?.value ?? 0;
    };
    const before = await asked();
    // An origin that answers at once would be done with one edge before another has come to ask.
    await own.stack.kill('course-service', 'SIGSTOP');
    const asking = Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        call(path, { baseUrl: edges[index % edges.length] as string }),
      ),
    );
    await sleep(ALL_HAVE_ASKED_AFTER_MS);
    await own.stack.kill('course-service', 'SIGCONT');
    const answers = await asking;
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await asked()) - before).toBe(1);
  }, 30_000);

  it('answer everything while Redis is killed and comes back under traffic', async () => {
    const { accessToken: token } = await login('student2', 'flowchart', edges[1]);
    const paths = [
      '/courses',
      '/courses/code/CS501',
      '/courses?level=GRADUATE',
      '/degrees',
      '/degrees/code/MSCS',
    ];
    const requests = edges.flatMap((baseUrl) => [
      ...paths.map((path) => ({ path, baseUrl })),
      { path: '/auth/status', baseUrl, token },
      { path: '/students/me', baseUrl, token },
      { path: '/students/me/transcript', baseUrl, token },
    ]);
    const tally = await underTraffic(requests, 12, async () => {
      await sleep(500);
      await own.stack.kill('redis', 'SIGKILL');
      await sleep(3000);
      await own.stack.restart('redis');
      await sleep(4000);
    });
    expect(Object.keys(tally)).toEqual(['200']);
    expect(tally['200']).toBeGreaterThan(500);
  }, 60_000);

  it('answer stale while a service is dead, and fresh once it is back', async () => {
    const path = '/courses?department=Physics';
    const sources = async () =>
      (await onEach(path)).map(({ status, headers }) => `${status} ${headers.get('x-cache')}`);
    await sources();
    // Without Redis no event can arrive: what is stored is fresh for two seconds then, instead of a minute.
    await own.stack.kill('redis', 'SIGKILL');
    await own.stack.kill('course-service', 'SIGKILL');
    const allStale = ['200 STALE', '200 STALE', '200 STALE'];
    expect(await eventually(sources, (given) => String(given) === String(allStale), 8000)).toEqual(allStale);

    await own.stack.restart('course-service');
    const isFresh = (given: string[]) =>
      given.every((source) => source === '200 L1' || source === '200 MISS');
    expect(isFresh(await eventually(sources, isFresh, REJOINS_WITHIN_MS))).toBe(true);
  }, 60_000);
});
