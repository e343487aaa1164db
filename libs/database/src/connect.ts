import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Type } from '@nestjs/common';
import { DataSource, type MigrationInterface } from 'typeorm';
import { withAdvisoryLock } from './advisory-lock.js';
import { createOutboxTable } from './outbox-table.js';

export interface DatabaseOptions {
  /** Prefix of the service's own tables for migrations and outbox: services may share one database. */
  readonly service: string;
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly Type[];
  readonly migrations: readonly Type<MigrationInterface>[];
  /** Fills an empty database; runs after the migrations under the same lock, so once among all instances. */
  readonly seed?: (dataSource: DataSource) => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3000;
const STATEMENT_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;
const LOG_EVERY_ATTEMPTS = 10;

/** Waits until the database answers, then brings its schema and seed up to date. */
export async function connect(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = await initialized(options);
  try {
    await withAdvisoryLock(options.url, `${options.service}:migrations`, () => prepare(dataSource, options));
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

async function prepare(dataSource: DataSource, { service, seed }: DatabaseOptions): Promise<void> {
  await createOutboxTable(dataSource, service);
  await dataSource.runMigrations({ transaction: 'each' });
  await seed?.(dataSource);
}

async function initialized(options: DatabaseOptions): Promise<DataSource> {
  const logger = new Logger('Database');
  for (let attempt = 0; ; attempt++) {
    try {
      return await newDataSource(options).initialize();
    } catch (error) {
      if (!isTemporary(error)) throw error;
      if (attempt % LOG_EVERY_ATTEMPTS === 0) logger.warn(`waiting for the database: ${String(error)}`);
      await sleep(RETRY_MS);
    }
  }
}

const newDataSource = ({ service, url, poolSize, entities, migrations }: DatabaseOptions): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: `${service}_migrations`,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: `${service}-service`,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS },
  });

/** Not there yet, starting up, too many clients: worth another try. A wrong password or database is not. */
const temporaryCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  '57P03',
  '53300',
  '3D000',
]);

function isTemporary(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return temporaryCodes.has(code) || error.message.includes('timeout');
}
