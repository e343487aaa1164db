/** One start or stop at a time in an infrastructure folder, across processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { InfraError } from './infra-error.js';

const POLL_MS = 100;
/** SQLite's result code for a database that somebody else holds. */
const SQLITE_BUSY = 5;

/** Longer than the slowest first start: a Redis built from source, then databases and services. */
const LIMIT_MS = 10 * 60_000;
/** The journal in memory: nothing is ever written that could be rolled back. */
const LOCK = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';
const PATIENCE_MS = 2000;

export interface LockOptions {
  readonly say?: (line: string) => void;
  readonly limitMs?: number;
  /** What is locked, where a folder has more to lock than one thing. */
  readonly name?: string;
}

/**
 * Runs `action` while nobody else does so under `directory`. The lock is SQLite's on an empty file: the operating
 * system releases it with the process, however that ends, so there is no stale lock to recognise.
 */
export async function withLock<T>(
  directory: string,
  action: () => Promise<T>,
  { say, limitMs = LIMIT_MS, name = 'lock' }: LockOptions = {},
): Promise<T> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(directory, name), { timeout: 0 });
  try {
    const begin = Date.now();
    for (let told = false; !tryToLock(() => database.exec(LOCK)); await sleep(POLL_MS)) {
      const waitedMs = Date.now() - begin;
      if (waitedMs > limitMs)
        throw new InfraError(`Another start or stop still works in ${directory}. Try again later.`);
      if (told || waitedMs < PATIENCE_MS) continue;
      say?.(`waiting for another start or stop in ${directory}`);
      told = true;
    }
    return await action();
  } finally {
    database.close();
  }
}

function tryToLock(lock: () => void): boolean {
  try {
    lock();
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
