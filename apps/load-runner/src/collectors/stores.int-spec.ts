// Postgres and Redis as the collectors see them: at work, away, back again, and hanging.

import { createTestDatabase, Door, eventually, testRedisUrl, type TestDatabase } from '@flowchart/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { profile } from '../testing/generators.js';
import { PostgresCollector, Statements } from './postgres.js';
import { RedisCollector } from './redis.js';
import { SystemCompanion } from './system-companion.js';

describe('Postgres', () => {
  let database: TestDatabase;
  let clients: Client[];
  let door: Door;

  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    clients = [];
    door = await Door.to(database.url);
  });
  afterEach(async () => {
    for (const client of clients) await client.end();
    await door.shut();
    await database.drop();
  });

  it('tells of its clients: who is there, who waits for a lock, and not of the collector itself', async () => {
    const collector = new PostgresCollector('postgres', database.url);
    const before = await collector.read();
    const [holder, waiter] = [await connect(), await connect()];
    await holder.query('CREATE TABLE held (id int)');
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE held');
    const waits = waiter.query('SELECT * FROM held');
    await eventually(async () => (await collector.read())['postgres.waiting'] === 1);
    const during = await collector.read();
    expect((during['postgres.connections'] ?? 0) - (before['postgres.connections'] ?? 0)).toBe(2);
    expect(during).toMatchObject({ 'postgres.idle_in_transaction': 1, 'postgres.active': 1 });
    expect(during['postgres.transactions']).toBeGreaterThanOrEqual(0);
    await holder.query('COMMIT');
    await waits;
    expect((await collector.read())['postgres.waiting']).toBe(0);
    await collector.close();
  });

  it('counts what statements cost between two moments, and nothing from before', async () => {
    const client = await connect();
    await client.query('CREATE EXTENSION pg_stat_statements');
    const statements = new Statements(database.url, true);
    await client.query('SELECT pg_sleep(0.3), 1 AS slow_before');
    await client.query('SELECT pg_sleep($1), 2 AS counted', [0.2]);
    await statements.begin();
    await client.query('SELECT pg_sleep($1), 2 AS counted', [0.01]);
    await client.query('SELECT pg_sleep($1), 2 AS counted', [0.15]);
    const own = (await statements.end()).filter(({ query }) => query.includes('pg_sleep'));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ calls: 2, database: new URL(database.url).pathname.slice(1) });
    expect(own[0]?.totalMs).toBeGreaterThan(160);
    expect(own[0]?.meanMs).toBeGreaterThan(80);
    // The run's own longest, not the 200 ms from before it.
    expect(own[0]?.maxMs).toBeGreaterThan(150);
    expect(own[0]?.maxMs).toBeLessThan(195);
    await statements.close();
  });

  it('says so where nobody keeps statistics of statements, and fails nothing', async () => {
    const settings = { stackFile: '/no-such-file', databaseUrls: [database.url], redisUrl: undefined };
    const request = { profile: profile(), baseUrl: 'http://127.0.0.1:1', seed: 1, workers: 1, tags: {} };
    const companion = new SystemCompanion(request, settings);
    await companion.prepare();
    const { findings } = await companion.finish({ timeline: { seconds: [], stages: [] } as never });
    await companion.close();
    expect(findings?.system?.statements).toEqual([]);
    expect(findings?.system?.missing.join('\n')).toMatch(
      /Statements of Postgres \(pg_stat_statements\): relation "pg_stat_statements" does not exist\./,
    );
  });

  it('is asked again after it was away', async () => {
    const collector = new PostgresCollector('postgres', door.in(database.url));
    await collector.read();
    await door.shut();
    await expect(collector.read()).rejects.toThrow();
    await door.open();
    expect(await collector.read()).toHaveProperty(['postgres.connections']);
    await collector.close();
  });

  it('that hangs holds nobody up, neither while it is read nor at the end', async () => {
    const collector = new PostgresCollector('postgres', door.in(database.url));
    await collector.read();
    door.freeze();
    const begun = Date.now();
    await expect(collector.read()).rejects.toThrow('timeout');
    await collector.close();
    expect(Date.now() - begun).toBeLessThan(2500);
  });
});

describe('Redis', () => {
  it('tells of memory, commands, hits and keys; is asked again after it was away', async () => {
    const url = await testRedisUrl();
    const door = await Door.to(url);
    const collector = new RedisCollector('redis', door.in(url));
    const client = new Redis(url);
    const before = await collector.read();
    expect(before['redis.memory']).toBeGreaterThan(100_000);
    await client.set('load-runner:here', '1');
    await client.mget('load-runner:here', 'load-runner:away', 'load-runner:gone');
    const after = await collector.read();
    expect(after['redis.ops']).toBeGreaterThan(0);
    expect(after['redis.hit_ratio']).toBeGreaterThan(0);
    expect(after['redis.hit_ratio']).toBeLessThan(1);
    expect(after['redis.keys']).toBeGreaterThan(0);
    await door.shut();
    await expect(collector.read()).rejects.toThrow();
    await door.open();
    await eventually(() =>
      collector.read().then(
        () => true,
        () => false,
      ),
    );
    await client.del('load-runner:here');
    client.disconnect();
    await collector.close();
    await door.shut();
  });
});
