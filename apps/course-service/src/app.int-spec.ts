/** Starting, and going on when the database was away. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CoursePage } from '@flowchart/contracts';
import { catalogueCourses } from '@flowchart/dataset';
import {
  asEdge,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  testRedisUrl,
  type TestService,
} from '@flowchart/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { AppModule } from './app.module.js';
import { options } from './config.js';

const { name } = options({});
let database: TestDatabase;
let redisUrl: string;
const running: TestService[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  redisUrl = await testRedisUrl();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
  await database.drop();
});

async function start(seed = true): Promise<string> {
  const module = AppModule.from({
    databaseUrl: database.url,
    poolSize: 3,
    slowQueryMs: 100,
    redisUrl,
    seed,
  });
  const service = await startTestService(module, { name });
  running.push(service);
  return service.url;
}

async function totalAt(base: string): Promise<number> {
  const answer = await fetch(`${base}/courses`, { headers: asEdge(name) });
  return ((await answer.json()) as CoursePage).page.total;
}

describe('course-service', () => {
  it('starts in three instances at once on an empty database', async () => {
    const bases = await Promise.all([start(), start(), start()]);
    for (const base of bases) expect(await totalAt(base)).toBe(catalogueCourses.length);
  });

  it('leaves an empty database empty unless told to seed it', async () => {
    expect(await totalAt(await start(false))).toBe(0);
  });

  it('does not seed what has courses already', async () => {
    await start();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`DELETE FROM courses WHERE code = 'CS690'`);
    await admin.end();
    expect(await totalAt(await start())).toBe(catalogueCourses.length - 1);
  });

  it('goes on after the database dropped all connections', async () => {
    const base = await start();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await admin.end();
    await sleep(50);
    expect(await totalAt(base)).toBe(catalogueCourses.length);
  });
});
