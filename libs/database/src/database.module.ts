import { HealthRegistry, Meters } from '@flowchart/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { connect, type DatabaseOptions } from './connect.js';
import { DATABASE_OPTIONS, PG_POOL } from './database.tokens.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { measurePool } from './pool-meters.js';
import { poolOf } from './pool.js';

/** A service's own database: connected, migrated, watched, with an outbox for its events. */
@Module({})
export class DatabaseModule {
  constructor(dataSource: DataSource, meters: Meters, health: HealthRegistry) {
    health.add({ name: 'db', critical: true, check: async () => ({ answer: await answerOf(dataSource) }) });
    measurePool(poolOf(dataSource), meters);
  }

  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ retryAttempts: 0 }),
          dataSourceFactory: () => connect(options),
        }),
      ],
      providers: [
        { provide: DATABASE_OPTIONS, useValue: options },
        { provide: PG_POOL, useFactory: poolOf, inject: [DataSource] },
        Outbox,
        OutboxRelay,
      ],
      exports: [PG_POOL, Outbox],
    };
  }
}

const answerOf = async (dataSource: DataSource): Promise<string> => {
  await dataSource.query('SELECT 1');
  return 'SELECT 1';
};
