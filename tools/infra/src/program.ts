/** A server program that is not ours, and the terms of looking for one. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { searchPath } from './config.js';
import { makeDirectory } from './database-home.js';
import type { Account } from './launch.js';
import { withLock } from './lock.js';

export interface Program {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where it came from, for the user. */
  readonly origin: string;
}

export interface ProgramSearch {
  /** Where an unpacked or built program is kept for the next time. */
  readonly cacheDir: string;
  /** Whom it has to run as. */
  readonly account?: Account | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Finds a program, or throws why there is none. */
export type ProgramSource = (search: ProgramSearch) => Promise<Program>;

/** Getting a program is nothing that two may do side by side in one place. */
export const alone =
  (source: ProgramSource): ProgramSource =>
  async (search) => {
    await makeDirectory(search.cacheDir);
    return withLock(search.cacheDir, () => source(search), { name: 'programs.lock', say: search.say });
  };

/** The first of these programs on PATH. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  for (const file of names.flatMap((name) => searchPath().map((directory) => join(directory, name)))) {
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

export const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
