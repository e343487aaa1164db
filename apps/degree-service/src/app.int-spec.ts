/** Starting, and going on when the database was away. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DegreePage } from '@flowchart/contracts';
import { catalogue } from '@flowchart/dataset';
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

/** Nothing here needs course-service; the port is one that nobody listens on. */
const courseServiceUrl = 'http://127.0.0.1:1';

async function start(seed = true): Promise<string> {
  const module = AppModule.from({
    databaseUrl: database.url,
    poolSize: 3,
    slowQueryMs: 100,
    redisUrl,
    courseServiceUrl,
    seed,
  });
  const service = await startTestService(module, { name });
  running.push(service);
  return service.url;
}

async function totalAt(base: string): Promise<number> {
  const answer = await fetch(`${base}/degrees`, { headers: asEdge(name) });
  return ((await answer.json()) as DegreePage).page.total;
}

describe('degree-service', () => {
  it('starts in three instances at once on an empty database', async () => {
    const bases = await Promise.all([start(), start(), start()]);
    for (const base of bases) expect(await totalAt(base)).toBe(catalogue.degrees.length);
  });

  it('leaves an empty database empty unless told to seed it', async () => {
    expect(await totalAt(await start(false))).toBe(0);
  });

  it('does not seed what has degrees already', async () => {
    await start();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`DELETE FROM degrees WHERE code = 'MBA'`);
    await admin.end();
    expect(await totalAt(await start())).toBe(catalogue.degrees.length - 1);
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
    expect(await totalAt(base)).toBe(catalogue.degrees.length);
  });
});
