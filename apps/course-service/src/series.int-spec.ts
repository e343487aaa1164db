/** However course-service is asked, its page of metrics stays short. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeRoutes, type Identity } from '@flowchart/contracts';
import {
  asCaller,
  asEdge,
  createTestDatabase,
  seriesOf,
  startTestService,
  type TestDatabase,
  testRedisUrl,
  type TestService,
  visitEverything,
} from '@flowchart/testing';
import { AppModule } from './app.module.js';
import { config, options } from './config.js';

const { name } = options({});
const routes = [
  ...edgeRoutes.filter(({ owner }) => owner === 'course'),
  { method: 'GET', path: '/internal/courses' },
];
const student: Identity = {
  subject: '00000000-0000-4000-8000-000000000001',
  name: 'Ada Student',
  role: 'student',
  degreeCode: 'MSCS',
};

describe('the series of course-service', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = {
      COURSE_DATABASE_URL: database.url,
      REDIS_URL: await testRedisUrl(),
    };
    service = await startTestService(AppModule.from(config(env)), { name });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it('are no more than 2000, whatever is asked, and name nothing but routes', async () => {
    const registrar: Identity = { ...student, role: 'registrar', degreeCode: null };
    const identities = [
      {},
      asEdge(name),
      asEdge(name, student),
      asEdge(name, registrar),
      asCaller('student-service', name),
    ];
    const statuses = await visitEverything(service.url, routes, identities);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 401, 404]));
    const { count, uris } = await seriesOf(service.url);
    expect(count).toBeLessThanOrEqual(2000);
    expect(count).toBeGreaterThan(250);
    const known = routes.map(({ path }) => path);
    const rest = [...uris].filter((uri) => !known.includes(uri) && !uri.startsWith('/actuator/'));
    expect(rest.filter((uri) => !uri.startsWith('/internal/')).sort()).toEqual(['UNKNOWN']);
  }, 120_000);
});
