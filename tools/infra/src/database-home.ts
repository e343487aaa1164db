/** Where the databases live and as whom they run: PostgreSQL refuses root, so root hands them to another account. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, constants, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultInfraDir } from './config.js';
import { InfraError } from './infra-error.js';
import type { Account } from './launch.js';
import { errorCode } from './processes.js';

const run = promisify(execFile);
const ACCOUNT = 'postgres';
/** What a new folder of ours may hold before the databases come. */
const OURS_AT_START = new Set(['lock', 'run', 'logs']);

export interface DatabaseHome {
  /** Holds the data folders: the infrastructure folder itself wherever the account can reach it. */
  readonly directory: string;
  /** Undefined where the databases run as the user who starts them. */
  readonly account: Account | undefined;
}

export async function databaseHome(infraDir: string): Promise<DatabaseHome> {
  await makeDirectory(infraDir);
  const account = await databaseAccount();
  if (account !== undefined) await letThrough(infraDir);
  if (account === undefined || (await canEnter(infraDir, account))) return { directory: infraDir, account };
  const directory = sharedPlace(infraDir);
  await makeDirectory(directory);
  const { uid, mode } = await lstat(directory);
  // Anybody may create folders in /var/tmp: one that was put there for us is not to be trusted.
  if (uid === 0 && (mode & 0o022) === 0) return { directory, account };
  throw new InfraError(
    `${directory} was made by another user. Remove it or set INFRA_DIR to a folder of your own.`,
  );
}

/**
 * Where programs that took time to get are kept: in the workspace, so that a folder of data that was made for an hour
 * need not get them again. In that folder after all where the workspace cannot be written.
 */
export async function programHome(dataHome: DatabaseHome): Promise<string> {
  try {
    return (await databaseHome(defaultInfraDir)).directory;
  } catch (error) {
    if (error instanceof InfraError) return dataHome.directory;
    throw error;
  }
}

/** Where the data live when the infrastructure folder is closed to the account, as everything below /root is. */
export function sharedPlace(infraDir: string): string {
  const hash = createHash('sha256').update(infraDir).digest('hex').slice(0, 12);
  return join('/var/tmp', `flowchart-${hash}`);
}

/** The account the databases run as when root starts them. */
export async function databaseAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await findAccount();
  if (existing !== undefined) return existing;
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  await run('useradd', [...options, ACCOUNT]).catch((cause: unknown) => {
    const trouble = `PostgreSQL does not run as root, and the account "${ACCOUNT}" cannot be made.`;
    throw new InfraError(`${trouble} Run as another user than root, or make that account.`, { cause });
  });
  return findAccount();
}

/** A data folder that belongs to whom the databases run as, with everything in it. */
export async function makeDataDirectory(directory: string, account: Account | undefined): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { uid } = await stat(directory);
  if (uid === (account?.uid ?? process.getuid?.())) return;
  if (account === undefined) {
    throw new InfraError(
      `${directory} belongs to another user. Start as that user or as root, or set INFRA_DIR.`,
    );
  }
  await run('chown', ['-R', `${account.uid}:${account.gid}`, directory]);
}

/** A scratch folder is closed to others at first. Opened only while nothing is in it but what we put there. */
async function letThrough(infraDir: string): Promise<void> {
  const entries = await readdir(infraDir);
  if (entries.some((name) => !OURS_AT_START.has(name))) return;
  await chmod(infraDir, (await stat(infraDir)).mode | 0o011);
}

/** Whether the account may pass every folder on the way to `path`, which must exist. */
export async function canEnter(path: string, account: Account): Promise<boolean> {
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & constants.X_OK) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export async function makeDirectory(directory: string): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true });
    // Whatever the umask: the account has to get through.
    if (made !== undefined) await chmod(directory, 0o755);
    await access(directory, constants.W_OK);
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error;
    throw new InfraError(`${directory} cannot be written by this user. Change its owner or set INFRA_DIR.`);
  }
}

async function findAccount(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT]), run('id', ['-g', ACCOUNT])]);
    return { name: ACCOUNT, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (error) {
    // `id` exits with 1 for an account it does not know.
    if (errorCode(error) === '1') return undefined;
    throw error;
  }
}
