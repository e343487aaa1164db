/** What is to be done for a supervisor that died without stopping its parts. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { isRunning, stopProcess, type ProcessIdentity, type StopStep } from './processes.js';
import { readJson, removeOwnRecord } from './records.js';

export interface WardenedPart {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly steps: readonly StopStep[];
  /** Its record; a part whose record names a new owner has been adopted and is left alone. */
  readonly record?: string;
}

export interface LastWill {
  readonly owner: ProcessIdentity;
  readonly directory: string;
  /** In the order of their start; they are stopped the other way round. */
  readonly parts: readonly WardenedPart[];
  readonly remove: readonly string[];
}

export const willsDirectory = (directory: string): string => join(directory, 'run', 'wills');

/** Carries out the wills of all who died under a folder, watch included. The caller holds its lock. */
export async function executeAbandonedWills(directory: string): Promise<void> {
  for (const name of await readdir(willsDirectory(directory)).catch(() => [])) {
    const file = join(willsDirectory(directory), name);
    const will = await readJson<LastWill>(file);
    if (will !== undefined && !isRunning(will.owner)) await execute(file, will);
  }
}

export async function executeWill(file: string): Promise<void> {
  const directory = (await readJson<LastWill>(file))?.directory;
  if (directory === undefined) return;
  await withLock(directory, async () => {
    // Whoever had the lock before may have carried it out.
    const will = await readJson<LastWill>(file);
    if (will !== undefined) await execute(file, will);
  });
}

async function execute(file: string, will: LastWill): Promise<void> {
  for (const part of will.parts.toReversed()) {
    const ours = part.record === undefined || (await removeOwnRecord(part.record, will.owner));
    if (ours) await stopProcess(part.process, part.steps);
  }
  for (const path of [...will.remove, file]) await rm(path, { recursive: true, force: true });
}
