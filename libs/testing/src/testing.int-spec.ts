import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { createTestDatabase, testRedisUrl, type TestDatabase } from './index.js';

describe('what a suite tests on', () => {
  const databases: TestDatabase[] = [];
  const create = async (): Promise<TestDatabase> => {
    const database = await createTestDatabase();
    databases.push(database);
    return database;
  };
  async function query(url: string, sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.drop();
  });

  it('is a database that nobody else sees', async () => {
    const [mine, other] = [await create(), await create()];
    await query(mine.url, 'CREATE TABLE courses (code text)');
    expect(await query(mine.url, "SELECT to_regclass('courses')::text AS found")).toEqual([
      { found: 'courses' },
    ]);
    expect(await query(other.url, "SELECT to_regclass('courses')::text AS found")).toEqual([{ found: null }]);
  });

  it('is gone once dropped, connections or not', async () => {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    // Its connection is cut.
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('is a Redis that is empty at first', async () => {
    const redis = new Redis(await testRedisUrl());
    await redis.set('left', 'over');
    await testRedisUrl();
    expect(await redis.dbsize()).toBe(0);
    redis.disconnect();
  });
});
