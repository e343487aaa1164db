/** Finds the server that runs on a data folder, by its pid file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, errorCode, identify, type ProcessIdentity } from './processes.js';

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly stopping: boolean;
}

export interface Postmaster {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly stopping: boolean;
}

/** The running server of a data folder; undefined when the pid file is missing, broken or left by a dead one. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const content = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    // EACCES: the data are another user's, which the start will say.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') return '';
    throw error;
  });
  const file = parsePidFile(content);
  if (file === undefined) return undefined;
  const process = identify(file.pid);
  // The folder stands in its command line: we put it there.
  if (process === undefined || !commandLine(file.pid).includes(`-D ${dataDir} `)) return undefined;
  return { process, port: file.port, stopping: file.stopping };
}

/** Line by line: pid, data folder, start, port, socket folder, address, shared memory key, status (miscadmin.h). */
export function parsePidFile(content: string): PidFile | undefined {
  const lines = content.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0 && port > 0)) return undefined;
  return { pid, port, stopping: lines[7] === 'stopping' };
}
