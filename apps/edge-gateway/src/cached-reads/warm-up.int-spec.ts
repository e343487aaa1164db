import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const courses = Array.from({ length: 12 }, (_, number) => ({ id: uuid(number), code: `CS${101 + number}` }));
const degree = { id: uuid(1000), code: 'MSCS' };

const courseViews = courses.flatMap(({ id, code }) => [
  `/courses/code/${code}`,
  `/courses/${id}`,
  `/courses/${id}/prerequisites`,
]);
const degreeViews = [
  `/degrees/code/${degree.code}`,
  ...['', '/requirements', '/constraints', '/flowchart'].map((view) => `/degrees/${degree.id}${view}`),
];

describe('an edge that has just started', () => {
  let origin: TestOrigin;
  let redisUrl: string;
  const edges: TestEdge[] = [];

  beforeEach(async () => {
    redisUrl = await testRedisUrl();
    origin = await TestOrigin.start();
    const page = (items: object[], next: string | null) => ({
      body: { items, page: { limit: 100, total: courses.length, next } },
    });
    origin.on('GET /courses?limit=100', page(courses.slice(0, 7), 'second'));
    origin.on('GET /courses?limit=100&cursor=second', page(courses.slice(7), null));
    origin.on('GET /degrees?limit=100', page([degree], null));
    for (const view of [...courseViews, ...degreeViews]) origin.on(`GET ${view}`, { body: { view } });
  });
  afterEach(async () => {
    await Promise.all(edges.splice(0).map((edge) => edge.stop()));
    await origin.kill();
  });

  async function start(warmUp = true): Promise<TestEdge> {
    const edge = await startEdge(origin, redisUrl, { warmUp });
    edges.push(edge);
    return edge;
  }

  async function warmedUp(edge: TestEdge): Promise<Record<'L2' | 'MISS', number>> {
    const text = await (await edge.fetch('/actuator/prometheus')).text();
    const count = (source: string) =>
      Number(new RegExp(`^cache_warm_up_total\\{source="${source}"\\} (\\d+)`, 'm').exec(text)?.[1]);
    return { L2: count('L2'), MISS: count('MISS') };
  }

  const allOf = async (edge: TestEdge) => {
    const { L2, MISS } = await warmedUp(edge);
    return L2 + MISS === courseViews.length + degreeViews.length;
  };

  it('has every course and degree from all sides before anybody asks', async () => {
    const edge = await start();
    const views = [...courseViews, ...degreeViews];
    const [coursePages, degreePages] = [2, 1];
    const all = views.length + coursePages + degreePages;
    await eventually(() => origin.asked.length === all);
    for (const view of views) {
      // The last of them may still be on its way.
      await eventually(async () => (await edge.fetch(view)).headers.get('x-cache') === 'L1');
      expect(await (await edge.fetch(view)).json()).toEqual({ view });
    }
    expect(origin.asked).toHaveLength(all);
  });

  it('counts what it fetched for itself, and not as look-ups of users', async () => {
    const edge = await start();
    await eventually(() => allOf(edge), 20_000);
    expect(await warmedUp(edge)).toEqual({ L2: 0, MISS: courseViews.length + degreeViews.length });
    const text = await (await edge.fetch('/actuator/prometheus')).text();
    expect(text).not.toMatch(/^cache_gets_total\{.*\} [1-9]/m);
  });

  it('shares the work with the edges that start beside it', async () => {
    const [one, other] = [await start(), await start()];
    await eventually(async () => (await allOf(one)) && (await allOf(other)), 20_000);
    for (const view of [...courseViews, ...degreeViews]) expect(origin.timesAsked(`GET ${view}`)).toBe(1);
  });

  it('tries again when a service was away, and serves meanwhile', async () => {
    await origin.kill();
    const edge = await start();
    expect((await edge.fetch('/courses')).status).toBe(503);
    await origin.open();
    await eventually(() => allOf(edge), 25_000);
  }, 40_000);

  it('asks nobody when it is told not to warm up', async () => {
    const edge = await start(false);
    await edge.fetch('/courses/code/CS101');
    expect(origin.asked.map(({ path }) => path)).toEqual(['/courses/code/CS101']);
  });
});
