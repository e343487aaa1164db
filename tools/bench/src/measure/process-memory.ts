/** Memory of other processes, as Linux accounts for it in /proc. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const BYTES_IN_KB = 1024;

/** Resident bytes, those that other processes share included. Undefined when there is no such process. */
export const residentBytes = (pid: number): number | undefined =>
  kilobytesLine(`/proc/${pid}/status`, 'VmRSS');

/**
 * Resident bytes with what is shared divided among those who share it, so that they add up. Undefined when there is no
 * such process, or it is another user's.
 */
export const proportionalBytes = (pid: number): number | undefined =>
  kilobytesLine(`/proc/${pid}/smaps_rollup`, 'Pss');

/** Name of the program that a process runs, as its command line begins; undefined when there is no such process. */
export function programOf(pid: number): string | undefined {
  try {
    // PostgreSQL and Redis rewrite theirs to one text.
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/, 1);
    return basename(command).replace(/:$/, '');
  } catch {
    return undefined;
  }
}

function kilobytesLine(file: string, name: string): number | undefined {
  try {
    const found = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found) * BYTES_IN_KB;
  } catch {
    return undefined;
  }
}
