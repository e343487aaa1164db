import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventsModule } from '@flowchart/events';
import { createService, LogLevels } from '@flowchart/platform';
import {
  asEdge,
  createTestDatabase,
  testRedisUrl,
  testServiceOptions,
  type TestDatabase,
} from '@flowchart/testing';
import { Controller, Get, Inject, Module, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DatabaseModule } from './database.module.js';
import { PG_POOL } from './database.tokens.js';

type Line = Record<string, unknown>;

@Controller()
class SleepyController {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Get('sleep')
  async sleep(@Query('by') by: string, @Query('seconds') seconds: string) {
    const text = `SELECT pg_sleep($1), 'swordfish', $2::text`;
    const values = [Number(seconds), 'swordfish'];
    if (by === 'pool') await this.pool.query(text, values);
    else await this.dataSource.query(text, values);
    return 'ok';
  }

  @Get('fail')
  async fail() {
    await this.pool.query(`SELECT pg_sleep(0.2); SELECT 'swordfish'::int`);
  }
}

describe('slow statements of a service', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let base: string;
  let lines: Line[];

  beforeEach(async () => {
    database = await createTestDatabase();
    const redisUrl = await testRedisUrl();
    @Module({
      imports: [
        EventsModule.forRoot({ redisUrl, service: 'sleepy' }),
        DatabaseModule.forRoot({
          service: 'sleepy',
          url: database.url,
          poolSize: 3,
          slowQueryMs: 100,
          entities: [],
          migrations: [],
        }),
      ],
      controllers: [SleepyController],
    })
    class SleepyModule {}
    lines = [];
    app = await createService(
      SleepyModule,
      testServiceOptions({
        logLevel: 'warn',
        logTo: { write: (line) => void lines.push(JSON.parse(line) as Line) },
      }),
    );
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  const get = (path: string) =>
    fetch(`${base}${path}`, {
      headers: {
        ...asEdge('test-service'),
        'x-request-id': 'slow-one',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
    });
  const slow = () => lines.filter((line) => line['log.logger'] === 'SlowQuery');

  it.each(['pool', 'TypeORM'])(
    'are logged with their form, without values, when asked by the %s',
    async (by) => {
      expect((await get(`/sleep?by=${by}&seconds=0.2`)).status).toBe(200);
      expect(slow()).toEqual([
        expect.objectContaining({
          'log.level': 'warn',
          message: 'a statement was slow',
          'service.name': 'test-service',
          'http.request.id': 'slow-one',
          'trace.id': 'a'.repeat(32),
          'db.query.text': 'SELECT pg_sleep(?), ?, ?::text',
          'event.outcome': 'success',
          flowchart: { fingerprint: expect.stringMatching(/^[\da-f]{16}$/) },
        }),
      ]);
      expect(slow()[0]?.['event.duration']).toBeGreaterThan(190e6);
      expect(JSON.stringify(slow())).not.toContain('swordfish');
    },
  );

  it('have one fingerprint whoever asked and with whatever values; quick ones are not told', async () => {
    await get('/sleep?by=pool&seconds=0.15');
    await get('/sleep?by=TypeORM&seconds=0.2');
    await get('/sleep?by=pool&seconds=0');
    expect(slow()).toHaveLength(2);
    expect(slow()[0]?.['flowchart']).toEqual(slow()[1]?.['flowchart']);
  });

  it('are told without the message where they fail, which quotes values', async () => {
    expect((await get('/fail')).status).toBe(500);
    expect(slow()).toMatchObject([{ 'event.outcome': 'failure', 'error.code': '22P02' }]);
    expect(JSON.stringify(slow())).not.toContain('swordfish');
  });

  it('are counted rather than told when there are very many, and silent on demand', async () => {
    const many = () => Promise.all(Array.from({ length: 15 }, () => get('/sleep?by=pool&seconds=0.11')));
    await many();
    await many();
    const written = slow().length;
    expect(written).toBeGreaterThanOrEqual(10);
    expect(written).toBeLessThan(30);
    app.get(LogLevels).set('SlowQuery', 'silent');
    await get('/sleep?by=pool&seconds=0.2');
    expect(slow()).toHaveLength(written);
  });
});
