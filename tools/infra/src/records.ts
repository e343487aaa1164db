/** What runs here and who answers for it, on disk: how a start recognises what a predecessor left behind. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { lstat, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, isSame, type ProcessIdentity } from './processes.js';

export interface PartRecord {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly port: number;
  /** The supervisor that stops it. */
  readonly owner: ProcessIdentity;
}

export const recordFile = (infraDir: string, name: string): string => join(infraDir, 'run', `${name}.json`);

export const readRecord = (infraDir: string, name: string): Promise<PartRecord | undefined> =>
  readJson<PartRecord>(recordFile(infraDir, name));

export function writeRecord(infraDir: string, record: PartRecord): void {
  writeJson(recordFile(infraDir, record.name), record);
}

/** Removes a record unless another owner has put its name there; tells whether the part was this owner's to stop. */
export async function removeOwnRecord(file: string, owner: ProcessIdentity): Promise<boolean> {
  const record = await readJson<PartRecord>(file);
  if (record !== undefined && !isSame(record.owner, owner)) return false;
  await rm(file, { force: true });
  return true;
}

/** A file that is not there or that a crash cut short reads as undefined. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whole or not at all: readers never see half a file. Synchronous, so that parts that start side by side cannot
 * overtake each other with an older state.
 */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}
