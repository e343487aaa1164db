/** Starts a program that belongs to nobody's process tree, with its output in a file. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { InfraError } from './infra-error.js';
import { errorCode, identify, type ProcessIdentity } from './processes.js';
import { exists } from './records.js';

/** Whom a program runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly account?: Account | undefined;
}

/**
 * What a program that is not ours needs of the environment. The rest stays out: PGDATA, PGPORT and their like would
 * change what it does.
 */
export const systemEnvironment: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** A log over this is set aside as `<name>.old` when its program starts anew. */
const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * The shell starts the program in the background, says its pid and ends: the program is then a child of init, in a
 * session of its own. Task runners that stop a whole process tree at once, and a terminal's Ctrl-C, do not reach it;
 * it is stopped when its turn has come.
 */
const IN_BACKGROUND = '"$@" </dev/null >&2 & echo $!';

export async function launch(options: Launch): Promise<ProcessIdentity> {
  const log = await openLog(options.logFile);
  try {
    const shell = spawn('/bin/sh', ['-c', IN_BACKGROUND, 'sh', options.command, ...options.args], {
      stdio: ['ignore', 'pipe', log.fd],
      detached: true,
      env: options.env,
      cwd: options.cwd ?? '/',
      ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
    });
    const failed = new Promise<never>((_, reject) => shell.once('error', reject));
    const pid = Number(await Promise.race([shell.stdout === null ? failed : text(shell.stdout), failed]));
    const identity = pid > 0 ? identify(pid) : undefined;
    if (identity !== undefined) return identity;
  } finally {
    await log.close();
  }
  throw new InfraError(`${options.command} ended at once:\n${await logTail(options.logFile)}`);
}

/** The last lines of a log, indented to stand under a message. */
export async function logTail(file: string, lines = 15): Promise<string> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '(no log)';
    throw error;
  });
  const tail = content.trimEnd().split('\n').slice(-lines);
  return [...tail.map((line) => `  ${line}`), `  (${file})`].join('\n');
}

/** Keeps a log as `<name>.old`, so that the next one begins empty. */
export async function setAside(file: string): Promise<void> {
  if (await exists(file)) await rename(file, `${file}.old`);
}

async function openLog(file: string): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  if ((await exists(file)) && (await stat(file)).size > LOG_LIMIT_BYTES) await setAside(file);
  return open(file, 'a');
}
