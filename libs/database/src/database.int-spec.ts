import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { domainEventStream, type DomainEvent } from '@flowchart/contracts';
import { EventsModule, EventSubscriber } from '@flowchart/events';
import { createService, HealthRegistry, Meters } from '@flowchart/platform';
import { createTestDatabase, testRedisUrl, testServiceOptions, type TestDatabase } from '@flowchart/testing';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { Client, type Pool } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { withAdvisoryLock } from './advisory-lock.js';
import { bulkLoad } from './bulk-load.js';
import { connect, type DatabaseOptions } from './connect.js';
import { DatabaseModule } from './database.module.js';
import { PG_POOL } from './database.tokens.js';
import { Outbox } from './outbox.js';

class CreateThings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Slow on purpose: without the lock, instances that start together would collide here.
    await runner.query('SELECT pg_sleep(0.2)');
    await runner.query('CREATE TABLE things (id int PRIMARY KEY, name text)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const options = (extra: Partial<DatabaseOptions> = {}): DatabaseOptions => ({
  service: 'thing',
  url: database.url,
  poolSize: 3,
  entities: [],
  migrations: [CreateThings1700000000000],
  ...extra,
});

describe('connect', () => {
  it('migrates and seeds once when many instances start together', async () => {
    let seeds = 0;
    const seed = async (dataSource: DataSource) => {
      const [row]: { n: string }[] = await dataSource.query('SELECT count(*) AS n FROM things');
      if (row?.n !== '0') return;
      seeds++;
      await dataSource.query(`INSERT INTO things VALUES (1, 'seeded')`);
    };
    const sources = await Promise.all(Array.from({ length: 4 }, () => connect(options({ seed }))));
    expect(seeds).toBe(1);
    for (const source of sources) {
      expect(await source.query('SELECT name FROM things')).toEqual([{ name: 'seeded' }]);
      await source.destroy();
    }
  });

  it('fails at once on a password that is wrong', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    await expect(connect(options({ url: wrong.href }))).rejects.toThrow(/password/);
  });
});

describe('a pool', () => {
  it('is not lost to a PostgreSQL that stops answering', async () => {
    const source = await connect(options({ poolSize: 2 }));
    const pool = (source.driver as unknown as { master: Pool }).master;
    const sleeping = Array.from({ length: 2 }, () =>
      pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.1)'),
    );
    const pids = (await Promise.all(sleeping)).map(({ rows }) => rows[0]?.pid as number);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const stuck = await Promise.allSettled(Array.from({ length: 4 }, () => pool.query('SELECT 1')));
      const reasons = stuck.map((answer) =>
        answer.status === 'rejected' ? String(answer.reason) : 'answered',
      );
      expect(reasons.sort()).toEqual([
        'Error: Query read timeout',
        'Error: Query read timeout',
        'Error: timeout exceeded when trying to connect',
        'Error: timeout exceeded when trying to connect',
      ]);
      expect((await pool.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }]);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await source.destroy();
    }
  }, 30_000);

  it('ends statements that nobody waits for any more, but lets migrations take their time', async () => {
    const seed = async (slow: DataSource) => void (await slow.query('SELECT pg_sleep(3.2)'));
    const source = await connect(options({ seed }));
    await expect(source.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    await source.destroy();
  }, 30_000);
});

describe('withAdvisoryLock', () => {
  it('lets one in at a time, and the next one in when the holder fails', async () => {
    let inside = 0;
    const enter = async () => {
      expect(++inside).toBe(1);
      await sleep(30);
      inside--;
    };
    const failing = withAdvisoryLock(database.url, 'x', () => Promise.reject(new Error('holder failed')));
    await expect(failing).rejects.toThrow('holder failed');
    await Promise.all([1, 2, 3].map(() => withAdvisoryLock(database.url, 'x', enter)));
  });
});

describe('bulkLoad', () => {
  it('loads any text as it is, or nothing at all', async () => {
    const source = await connect(options());
    const { master } = source.driver as unknown as { master: Parameters<typeof bulkLoad>[0] };
    const texts = ['tab\there', 'line\nbreak', 'back\\slash', '\\N', 'Zoë 🎓', '', null];
    const table = { table: 'things', columns: ['id', 'name'] };
    expect(
      await bulkLoad(
        master,
        table,
        texts.map((text, id) => [id, text] as const),
      ),
    ).toBe(texts.length);
    const rows: { name: string | null }[] = await source.query('SELECT name FROM things ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(texts);

    const clash = [
      [100, 'new'],
      [0, 'taken'],
    ] as const;
    await expect(bulkLoad(master, table, clash)).rejects.toThrow(/duplicate key/);
    expect(await source.query('SELECT 1 FROM things WHERE id = 100')).toEqual([]);
    await source.destroy();
  });
});

describe('a service with a database', () => {
  let app: NestFastifyApplication;
  let redis: Redis;

  beforeEach(async () => {
    const redisUrl = await testRedisUrl();
    redis = new Redis(redisUrl);
    @Module({
      imports: [EventsModule.forRoot({ redisUrl, service: 'thing' }), DatabaseModule.forRoot(options())],
    })
    class ThingModule {}
    app = await createService(ThingModule, testServiceOptions());
  });
  afterEach(async () => {
    await app.close();
    redis.disconnect();
  });

  const changed = (name: string) =>
    ({
      type: 'course.changed',
      entityId: '00000000-0000-4000-8000-000000000001',
      version: 1,
      tags: [`course:${name}`],
    }) satisfies Omit<DomainEvent, 'id' | 'occurredAt'>;

  /** Commits a thing together with its event. */
  const commit = (name: string) =>
    app.get(DataSource).transaction((manager) => app.get(Outbox).add(manager, changed(name)));

  async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    const deadlineMs = Date.now() + 5000;
    while (!(await isTrue())) {
      if (Date.now() > deadlineMs) throw new Error('did not come true in time');
      await sleep(10);
    }
  }

  it('delivers a committed event to whoever listens, and only then', async () => {
    const seen: string[] = [];
    app
      .get(EventSubscriber)
      .listen({ onEvent: ({ tags }) => void seen.push(...tags), onGap: () => undefined });
    await app.init();
    await app
      .get(DataSource)
      .transaction(async (manager) => {
        await app.get(Outbox).add(manager, changed('rolled-back'));
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    // The subscriber starts at the newest event; it must have asked for that before the first one is sent.
    await sleep(100);
    await commit('committed');
    app.get(Outbox).flush();
    await until(() => seen.length > 0);
    expect(seen).toEqual(['course:committed']);
    expect(await app.get(DataSource).query('SELECT 1 FROM "thing_outbox"')).toEqual([]);
  });

  it('keeps events that Redis will not take, in order, until it will', async () => {
    await redis.set(domainEventStream, 'not a stream');
    await app.init();
    await commit('first');
    await commit('second');
    app.get(Outbox).flush();
    const read = async (name: string) => (await app.get(Meters).find(name)?.read())?.[0]?.value;
    const pending = () => read('outbox.pending');
    await until(async () => (await pending()) === 2);
    await until(async () => ((await read('outbox.failed.rounds')) ?? 0) > 0);
    const lag = (await read('outbox.lag.seconds')) ?? 0;
    await sleep(100);
    expect(await read('outbox.lag.seconds')).toBeGreaterThanOrEqual(lag + 0.09);

    await redis.del(domainEventStream);
    app.get(Outbox).flush();
    await until(async () => (await redis.xlen(domainEventStream)) === 2);
    const entries = await redis.xrange(domainEventStream, '-', '+');
    const sent = entries.map(([, [, json = '']]) => (JSON.parse(json) as DomainEvent).tags[0]);
    expect(sent).toEqual(['course:first', 'course:second']);
    await until(async () => (await pending()) === 0);
    expect([await read('outbox.lag.seconds'), await read('outbox.published')]).toEqual([0, 2]);
  });

  it('tells listeners when events may have been missed', async () => {
    let gaps = 0;
    let seen = 0;
    app.get(EventSubscriber).listen({ onEvent: () => void seen++, onGap: () => void gaps++ });
    await app.init();
    await sleep(100);
    await commit('one');
    app.get(Outbox).flush();
    await until(() => seen === 1);
    await redis.del(domainEventStream);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(() => gaps === 1);
  });

  it('tells the state of its pool and its dependencies', async () => {
    await app.init();
    const read = async (name: string) => (await app.get(Meters).find(name)?.read())?.[0]?.value;
    expect(await read('db.pool.connections.max')).toBe(3);
    const client = await app.get<{ connect(): Promise<{ release(): void }> }>(PG_POOL).connect();
    expect(await read('db.pool.connections.active')).toBe(1);
    client.release();
    expect(await read('redis.connected')).toBe(1);
    expect(await app.get(HealthRegistry).report()).toMatchObject({
      status: 'UP',
      components: { db: { status: 'UP' }, redis: { status: 'UP' } },
    });
  });

  it('measures the wait for a connection, whoever asks for it and however', async () => {
    await app.init();
    const pool = app.get<Pool>(PG_POOL);
    const waits = async (result: string, statistic: string) =>
      (await app.get(Meters).find('db.pool.acquire')?.read())?.find(
        (reading) => reading.tags['result'] === result && reading.statistic === statistic,
      )?.value ?? 0;
    const before = await waits('connection', 'COUNT');
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    const waiting = Promise.all([pool.query('SELECT 1'), app.get(DataSource).query('SELECT 2')]);
    await sleep(200);
    for (const client of clients) client.release();
    await waiting;
    expect(await waits('connection', 'COUNT')).toBeGreaterThanOrEqual(before + 5);
    expect(await waits('connection', 'MAX')).toBeGreaterThan(0.15);
    expect(await waits('error', 'COUNT')).toBe(0);
  });

  it('tells how far behind its listeners are, and that nobody reads any more', async () => {
    const read = async (name: string) => (await app.get(Meters).find(name)?.read())?.[0]?.value;
    let done: () => void = () => undefined;
    const handling = new Promise<void>((resolve) => (done = resolve));
    app.get(EventSubscriber).listen({ onEvent: () => handling, onGap: () => undefined });
    await app.init();
    await sleep(100);
    expect(await read('events.consumer.lag')).toBe(0);
    await commit('slow');
    app.get(Outbox).flush();
    await until(async () => ((await read('events.consumer.lag')) ?? 0) > 0.2);
    done();
    await until(async () => (await read('events.consumer.lag')) === 0);
    expect(await read('events.consumer.reading')).toBe(1);
    await redis.set(domainEventStream, 'not a stream');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(async () => (await read('events.consumer.reading')) === 0);
  });

  it('survives that the database drops all its connections', async () => {
    await app.init();
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await admin.end();
    await sleep(50);
    expect((await app.get(HealthRegistry).report()).status).toBe('UP');
  });
});
