import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Type } from '@nestjs/common';
import { DataSource, type MigrationInterface } from 'typeorm';
import { withAdvisoryLock } from './advisory-lock.js';
import { createOutboxTable } from './outbox-table.js';
import { poolOf } from './pool.js';
import { slowQueryLog } from './slow-queries.js';
import { recordStatement } from './statement-spans.js';
import { watchStatements } from './watched-statements.js';

export interface DatabaseOptions {
  /** Prefix of the service's own tables for migrations and outbox: services may share one database. */
  readonly service: string;
  readonly url: string;
  readonly poolSize: number;
  /** Statements that take longer are logged; the usual is 100. */
  readonly slowQueryMs?: number;
  readonly entities: readonly Type[];
  readonly migrations: readonly Type<MigrationInterface>[];
  /** Fills an empty database; runs after the migrations under the same lock, so once among all instances. */
  readonly seed?: (dataSource: DataSource) => Promise<void>;
}

/** The wait for a connection, and then for an answer, together are about what the edge waits for a service. */
const CONNECT_TIMEOUT_MS = 2000;
/** PostgreSQL ends a statement that outlives its caller, */
const STATEMENT_TIMEOUT_MS = 3000;
/** and where PostgreSQL itself has stopped, the client gives the connection up. */
const ANSWER_TIMEOUT_MS = 3500;
/** A connection that leads nowhere any more, after a failover for one, is used no longer than this. */
const CONNECTION_LIFETIME_SECONDS = 600;
const SLOW_QUERY_MS = 100;
const RETRY_MS = 500;
const LOG_EVERY_ATTEMPTS = 10;

/** Waits until the database answers, then brings its schema and seed up to date. */
export async function connect(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = await initialized(options);
  try {
    await withAdvisoryLock(options.url, `${options.service}:migrations`, () => prepare(options));
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Over connections of its own: a migration may take longer than what somebody waits for. */
async function prepare(options: DatabaseOptions): Promise<void> {
  const dataSource = await newDataSource(options, {}).initialize();
  try {
    await createOutboxTable(dataSource, options.service);
    await dataSource.runMigrations({ transaction: 'each' });
    await options.seed?.(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function initialized(options: DatabaseOptions): Promise<DataSource> {
  const logger = new Logger('Database');
  for (let attempt = 0; ; attempt++) {
    try {
      return watched(await newDataSource(options, requestLimits).initialize(), options);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      if (attempt % LOG_EVERY_ATTEMPTS === 0) logger.warn(`waiting for the database: ${String(error)}`);
      await sleep(RETRY_MS);
    }
  }
}

/** Migrations and seeds are slow, and known to be; what requests wait for is watched. */
function watched(dataSource: DataSource, { slowQueryMs = SLOW_QUERY_MS }: DatabaseOptions): DataSource {
  watchStatements(poolOf(dataSource), [slowQueryLog(slowQueryMs), recordStatement]);
  return dataSource;
}

const requestLimits = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: ANSWER_TIMEOUT_MS,
  maxLifetimeSeconds: CONNECTION_LIFETIME_SECONDS,
};

function newDataSource(options: DatabaseOptions, limits: Partial<typeof requestLimits>): DataSource {
  const { service, url, poolSize, entities, migrations } = options;
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: `${service}_migrations`,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: `${service}-service`,
    extra: limits,
  });
}

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
