import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@flowchart/infra';
import { eventually } from '@flowchart/testing';
import { startEdge, type TestEdge } from './testing/test-edge.js';
import { TestOrigin } from './testing/test-origin.js';

describe('an edge that never had a Redis', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    origin.on('GET /students/me', { body: {} });
    edge = await startEdge(origin, `redis://127.0.0.1:${await freePort()}`);
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });

  it('is ready, and says what it does without', async () => {
    const health = await edge.fetch('/actuator/health/readiness');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'UP',
      components: { redis: { status: 'DOWN' }, sessions: { status: 'UP', details: { keptIn: 'memory' } } },
    });
  });

  it('caches for a moment, so that a change shows soon though no event tells of it', async () => {
    origin.on('GET /courses?limit=20', { body: { title: 'old' } });
    const sources = [];
    for (let times = 0; times < 2; times++)
      sources.push((await edge.fetch('/courses')).headers.get('x-cache'));
    expect(sources).toEqual(['MISS', 'L1']);
    origin.on('GET /courses?limit=20', { body: { title: 'new' } });
    await eventually(async () => (await (await edge.fetch('/courses')).text()).includes('new'), 3000);
  });

  it('lets students in and out', async () => {
    const authorization = await edge.logIn('student1');
    const me = async () => (await edge.fetch('/students/me', { headers: { authorization } })).status;
    expect(await me()).toBe(200);
    await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization } });
    expect(await me()).toBe(401);
  });
});
