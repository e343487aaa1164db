/** The databases a supervisor needs: started, taken over, or borrowed from the supervisor that has them already. */
import { join } from 'node:path';
import { embeddedPostgres } from '@flowchart/contracts';
import type { InfraConfig } from './config.js';
import type { Custody } from './custody.js';
import { databaseHome, type DatabaseHome } from './database-home.js';
import { InfraError } from './infra-error.js';
import { HOST } from './ports.js';
import { startPostgres, stopPostgresFast, stopPostgresPatiently } from './postgres.js';
import { isRunning, type ProcessIdentity } from './processes.js';
import { readRecord } from './records.js';
import { startRedis, stopRedis } from './redis.js';

export interface DatabasesOptions {
  readonly config: InfraConfig;
  readonly custody: Custody;
  /** One line for each, and for what takes time. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface RunningPart {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly port: number;
}

/** The caller holds the lock of the infrastructure folder. */
export async function startDatabases(options: DatabasesOptions): Promise<RunningPart[]> {
  const { config, say } = options;
  const home = await databaseHome(config.infraDir);
  const started = await Promise.allSettled([postgresPart(options, home), redisPart(options, home)]);
  if (home.directory !== config.infraDir)
    say(`${home.account?.name} may not enter ${config.infraDir}: the data are elsewhere`);
  return started.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value ?? [];
  });
}

/** Stops those that are this supervisor's. `patiently`: clients that drain at this moment are waited for. */
export async function stopDatabases(custody: Custody, patiently = false): Promise<void> {
  await custody.stop('postgres', patiently ? stopPostgresPatiently : stopPostgresFast);
  await custody.stop('redis');
}

async function postgresPart(options: DatabasesOptions, home: DatabaseHome): Promise<RunningPart | undefined> {
  const { config, custody, say, signal } = options;
  const { infraDir, postgresPort: port, postgresGiven } = config;
  if (postgresGiven.length > 0) {
    say(`PostgreSQL: yours, as ${postgresGiven.join(', ')} say${postgresGiven.length > 1 ? '' : 's'}`);
    return undefined;
  }
  const borrowed = await borrowedFrom(custody, infraDir, {
    name: 'postgres',
    port,
    variable: 'POSTGRES_PORT',
  });
  const keep = (process: ProcessIdentity) =>
    custody.keep({ name: 'postgres', process, port, steps: stopPostgresFast });
  const dataDir = join(home.directory, 'postgres');
  const server = await startPostgres({
    dataDir,
    port,
    databases: Object.values(embeddedPostgres.databases),
    logFile: join(infraDir, 'postgres.log'),
    onLaunch: keep,
    signal,
  });
  if (server.adopted && !borrowed) await keep(server.process);
  say(
    `PostgreSQL ${server.version} on ${HOST}:${port}, data in ${dataDir}${server.adopted ? ' (ran already)' : ''}`,
  );
  return { name: 'postgres', process: server.process, port };
}

async function redisPart(options: DatabasesOptions, home: DatabaseHome): Promise<RunningPart | undefined> {
  const { config, custody, say, signal } = options;
  const { infraDir, redisPort: port, redisGiven } = config;
  if (redisGiven.length > 0) {
    say('Redis: yours, as REDIS_URL says');
    return undefined;
  }
  const borrowed = await borrowedFrom(custody, infraDir, { name: 'redis', port, variable: 'REDIS_PORT' });
  const keep = (process: ProcessIdentity) => custody.keep({ name: 'redis', process, port, steps: stopRedis });
  const dataDir = join(home.directory, 'redis');
  const server = await startRedis({
    dataDir,
    port,
    logFile: join(infraDir, 'redis.log'),
    onLaunch: keep,
    say,
    signal,
  });
  if (server === undefined) return undefined;
  if (server.adopted && !borrowed) await keep(server.process);
  const origin = server.adopted ? 'ran already' : server.origin;
  say(`Redis ${server.version} on ${HOST}:${port}, data in ${dataDir} (${origin})`);
  return { name: 'redis', process: server.process, port };
}

interface Wanted {
  readonly name: string;
  readonly port: number;
  readonly variable: string;
}

/** Whether a living supervisor has it running. On another port it could be neither used nor moved from under that one. */
async function borrowedFrom(
  custody: Custody,
  infraDir: string,
  { name, port, variable }: Wanted,
): Promise<boolean> {
  const record = await readRecord(infraDir, name);
  if (record === undefined || !isRunning(record.process) || !(await custody.isOthers(name))) return false;
  if (record.port === port) return true;
  throw new InfraError(
    `${name} of ${infraDir} already runs on port ${record.port}, for process ${record.owner.pid}. ` +
      `Set ${variable}=${record.port} to use that one, or INFRA_DIR to have another.`,
  );
}
