/** A Redis server program, and the terms of looking for one. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { searchPath } from './config.js';
import type { Account } from './launch.js';

export interface RedisBinary {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where it came from, for the user. */
  readonly origin: string;
}

export interface RedisSearch {
  /** Where an unpacked or built server is kept for the next time. */
  readonly cacheDir: string;
  /** Whom it has to run as. */
  readonly account?: Account | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Finds a program, or throws why there is none. */
export type RedisSource = (search: RedisSearch) => Promise<RedisBinary>;

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
