/** A Redis of our own: taken over when it already runs on these data, else started; undefined when none can be had. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseAccount, makeDataDirectory, programHome } from './database-home.js';
import { InfraError } from './infra-error.js';
import { launch, logTail, systemEnvironment } from './launch.js';
import { HOST, requireFreePort } from './ports.js';
import {
  commandLine,
  errorCode,
  identify,
  isRunning,
  stopProcess,
  type ProcessIdentity,
  type StopStep,
} from './processes.js';
import { redisFacts } from './redis-protocol.js';
import type { Program } from './program.js';
import { findRedis } from './redis-sources.js';

export interface RedisOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Beside the data folder unless given. */
  readonly logFile?: string;
  /** Where an unpacked or built server is kept; in the workspace unless given. */
  readonly cacheDir?: string;
  /** Told what takes time, and what to do when there is no Redis. */
  readonly say?: (line: string) => void;
  /** Told of a new process before it is ready, so that it is never without somebody to stop it. */
  readonly onLaunch?: (process: ProcessIdentity) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface RunningRedis {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly version: string;
  /** Where the program came from. */
  readonly origin: string;
  /** It already ran, whoever started it. */
  readonly adopted: boolean;
  readonly url: string;
  stop(): Promise<void>;
}

export const stopRedis: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 10_000 }];

const READY_LIMIT_MS = 60_000;
const POLL_MS = 20;

/**
 * In development one server holds the cache, the sessions and the event streams. Under memory pressure what expires
 * soonest goes first: cache entries, then sessions; streams do not expire, so they stay.
 */
const MEMORY = ['--maxmemory', '512mb', '--maxmemory-policy', 'volatile-ttl'];

export async function startRedis(options: RedisOptions): Promise<RunningRedis | undefined> {
  const say = options.say ?? (() => undefined);
  const account = await databaseAccount();
  const cacheDir = options.cacheDir ?? (await programHome({ directory: dirname(options.dataDir), account }));
  const binary = await findRedis({ cacheDir, account, say, signal: options.signal });
  if (binary === undefined) return undefined;
  await makeDataDirectory(options.dataDir, account);
  const adopted = await adopt(options);
  const process = adopted ?? (await start(options, binary));
  return {
    process,
    port: options.port,
    version: binary.version,
    origin: binary.origin,
    adopted: adopted !== undefined,
    url: `redis://${HOST}:${options.port}`,
    stop: async () => void (await stopProcess(process, stopRedis)),
  };
}

/** The server that already runs on our data and answers on our port. One that does neither any more is stopped. */
async function adopt(options: RedisOptions): Promise<ProcessIdentity | undefined> {
  const found = await findRedisProcess(options.dataDir);
  if (found === undefined) return undefined;
  if (found.port === options.port && (await isReady(options, found.process))) return found.process;
  await stopProcess(found.process, stopRedis);
  return undefined;
}

export interface FoundRedis {
  readonly process: ProcessIdentity;
  readonly port: number;
}

/** The running server of a data folder; undefined when its pid file is missing or left by a dead one. */
export async function findRedisProcess(dataDir: string): Promise<FoundRedis | undefined> {
  const content = await readFile(pidFile(dataDir), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const process = Number(content) > 0 ? identify(Number(content)) : undefined;
  const port = process && portInTitle(commandLine(process.pid));
  if (process === undefined || port === undefined) return undefined;
  const facts = await redisFacts(port);
  // A pid that was given to a Redis of somebody else since.
  if (facts !== undefined && facts.dataDir !== dataDir) return undefined;
  return { process, port };
}

/** Redis shows itself as `redis-server 127.0.0.1:63799`. */
export function portInTitle(title: string): number | undefined {
  const port = /(?:redis|valkey)-server\b.*:(\d+)/.exec(title)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function start(options: RedisOptions, binary: Program): Promise<ProcessIdentity> {
  await requireFreePort(options.port, 'REDIS_PORT');
  const logFile = options.logFile ?? `${options.dataDir}.log`;
  const process = await launch({
    command: binary.command,
    args: [
      ...['--bind', HOST, '--port', String(options.port)],
      ...['--dir', options.dataDir, '--pidfile', pidFile(options.dataDir)],
      ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
      ...MEMORY,
    ],
    logFile,
    env: { ...systemEnvironment, ...binary.env },
    account: await databaseAccount(),
  });
  await options.onLaunch?.(process);
  if (await isReady(options, process)) return process;
  await stopProcess(process, stopRedis);
  throw new InfraError(`Redis did not start:\n${await logTail(logFile, 8)}`);
}

async function isReady({ port, dataDir, signal }: RedisOptions, process: ProcessIdentity): Promise<boolean> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (isRunning(process) && Date.now() < deadline) {
    signal?.throwIfAborted();
    const facts = await redisFacts(port);
    if (facts?.ready === true) return facts.pid === process.pid && facts.dataDir === dataDir;
    await sleep(POLL_MS);
  }
  return false;
}

const pidFile = (dataDir: string): string => join(dataDir, 'redis.pid');
