/** However an edge is asked, and whatever is behind it answers, its page of metrics stays short. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { seriesOf, testRedisUrl, visitEverything } from '@flowchart/testing';
import { startEdge, type TestEdge } from './testing/test-edge.js';
import { TestOrigin } from './testing/test-origin.js';

const statuses = [200, 404, 400, 403, 409, 412, 500, 200, 503, 422, 504, 201, 418];

describe('the series of an edge', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl(), {
      rateLimits: { user: { perSecond: 0, burst: 0 }, address: { perSecond: 0, burst: 0 } },
    });
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });

  it('are no more than 2000, whatever is asked and answered, and name nothing but routes', async () => {
    const tokens = [await edge.logIn('student1'), await edge.logIn('registrar'), 'Bearer made.up.token'];
    const identities = [{}, ...tokens.map((authorization) => ({ authorization }))];
    let asked = 0;
    origin.otherwise(() => ({ status: statuses[asked++ % statuses.length] ?? 200 }));
    const seen = await visitEverything(edge.url, edgeRoutes, identities);
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404]));
    const { count, uris } = await seriesOf(edge.url);
    expect(count).toBeLessThanOrEqual(2000);
    // It has been asked for everything indeed.
    expect(count).toBeGreaterThan(1000);
    const known = edgeRoutes.map(({ path }) => path);
    const rest = [...uris].filter((uri) => !known.includes(uri) && !uri.startsWith('/actuator/'));
    expect(rest.sort()).toEqual(['/internal/credentials', 'UNKNOWN']);
  }, 120_000);
});
