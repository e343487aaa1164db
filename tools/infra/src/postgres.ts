/** A PostgreSQL of our own: made when missing, taken over when it already runs on these data, else started. */
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAccount, makeDataDirectory } from './database-home.js';
import { InfraError } from './infra-error.js';
import { launch, logTail, systemEnvironment, type Account } from './launch.js';
import { HOST, requireFreePort } from './ports.js';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { initialise } from './postgres-init.js';
import { createDatabases, dataDirectoryAt, postgresUrl } from './postgres-sql.js';
import {
  endsWithin,
  errorCode,
  isRunning,
  stopProcess,
  type ProcessIdentity,
  type StopStep,
} from './processes.js';
import { findPostmaster, type Postmaster } from './postmaster.js';

export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly databases: readonly string[];
  /** Beside the data folder unless given. */
  readonly logFile?: string;
  /** Off: faster, and nothing survives a power cut. For tests. */
  readonly durable?: boolean;
  /** Told of a new process before it is ready, so that it is never without somebody to stop it. */
  readonly onLaunch?: (process: ProcessIdentity) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface RunningPostgres {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly version: string;
  /** It already ran, whoever started it. */
  readonly adopted: boolean;
  url(database: string): string;
  stop(): Promise<void>;
}

interface Server extends PostgresOptions {
  readonly logFile: string;
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
}

/** Ends every connection at once; what was acknowledged is on disk. */
export const stopPostgresFast: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5000 },
];

/** Lets clients that are about to go finish first: services that drain at the same moment, under Ctrl-C say. */
export const stopPostgresPatiently: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 3000 },
  ...stopPostgresFast,
];

/** Crash recovery after much unsaved work takes longest. */
const READY_LIMIT_MS = 120_000;
const ADOPT_LIMIT_MS = 15_000;
const POLL_MS = 50;

/** The workers of a postmaster that was killed hold its memory until they notice. */
const LEFTOVER_WORKERS = 'pre-existing shared memory block';
const LEFTOVER_LIMIT_MS = 10_000;

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = await databaseAccount();
  const home = { directory: dirname(options.dataDir), account };
  const server: Server = {
    ...options,
    account,
    logFile: options.logFile ?? `${options.dataDir}.log`,
    binaries: await postgresBinaries(home),
  };
  const adopted = await adopt(server);
  const process = adopted ?? (await start(server));
  await createDatabases(server.port, server.databases);
  return {
    process,
    port: server.port,
    version: server.binaries.version,
    adopted: adopted !== undefined,
    url: (database) => postgresUrl(server.port, database),
    stop: async () => void (await stopProcess(process, stopPostgresFast)),
  };
}

/** The server that already runs on our data and answers on our port. One that does neither any more is stopped. */
async function adopt(server: Server): Promise<ProcessIdentity | undefined> {
  const found = await findPostmaster(server.dataDir);
  if (found === undefined) return undefined;
  if (found.port === server.port && (await answers(found, server))) return found.process;
  await stopProcess(found.process, stopPostgresFast);
  return undefined;
}

async function answers(found: Postmaster, server: Server): Promise<boolean> {
  if (found.stopping) return !(await endsWithin(found.process, ADOPT_LIMIT_MS));
  const deadline = Date.now() + ADOPT_LIMIT_MS;
  while (isRunning(found.process) && Date.now() < deadline) {
    if ((await dataDirectoryAt(server.port)) === server.dataDir) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function start(server: Server): Promise<ProcessIdentity> {
  await requireFreePort(server.port, 'POSTGRES_PORT');
  if ((await dataVersion(server.dataDir)) === undefined) await initialise(server);
  await makeDataDirectory(server.dataDir, server.account);
  await requireSameVersion(server);
  // Nobody runs on these data (see `adopt`), but the pid in a stale file may be somebody's again by now.
  await rm(join(server.dataDir, 'postmaster.pid'), { force: true });
  const deadline = Date.now() + LEFTOVER_LIMIT_MS;
  for (;;) {
    const process = await launchServer(server);
    await server.onLaunch?.(process);
    const trouble = await readyOrTrouble(process, server);
    if (trouble === undefined) return process;
    if (!trouble.includes(LEFTOVER_WORKERS) || Date.now() > deadline) throw new InfraError(trouble);
    await sleep(POLL_MS);
  }
}

function launchServer(server: Server): Promise<ProcessIdentity> {
  const settings = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    shared_preload_libraries: 'pg_stat_statements',
    log_min_duration_statement: 100,
    log_line_prefix: '%m [%p] %d ',
    ...(server.durable === false && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return launch({
    command: server.binaries.postgres,
    args: ['-D', server.dataDir, '-p', String(server.port), ...flags],
    logFile: server.logFile,
    env: systemEnvironment,
    account: server.account,
  });
}

async function readyOrTrouble(process: ProcessIdentity, server: Server): Promise<string | undefined> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (isRunning(process)) {
    server.signal?.throwIfAborted();
    if ((await dataDirectoryAt(server.port)) !== undefined) return undefined;
    if (Date.now() > deadline) {
      await stopProcess(process, stopPostgresFast);
      return `PostgreSQL did not get ready within ${READY_LIMIT_MS / 1000} s:\n${await logTail(server.logFile)}`;
    }
    await sleep(POLL_MS);
  }
  return `PostgreSQL did not start:\n${await logTail(server.logFile, 8)}`;
}

async function requireSameVersion({ dataDir, binaries }: Server): Promise<void> {
  const found = await dataVersion(dataDir);
  if (binaries.version.split('.')[0] === found) return;
  throw new InfraError(
    `The data in ${dataDir} are of PostgreSQL ${found}, the server is ${binaries.version}. ` +
      'Start over with: npx nx run infra:reset',
  );
}

async function dataVersion(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (errorCode(error) !== 'EACCES') throw error;
    throw new InfraError(
      `${dataDir} belongs to another user. Start as that user or as root, or set INFRA_DIR.`,
    );
  }
}
