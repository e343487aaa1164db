/** CPU time of other processes, as Linux accounts for it in /proc. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { BenchError } from '../bench-error.js';

interface ProcessTimes {
  readonly parent: number;
  /** User and system time of the process and of those of its children that have ended. */
  readonly cpuUs: number;
}

let ticksPerSecond: number | undefined;

/** Microseconds of CPU that the processes and all their descendants have used up to now. */
export function treeCpuUs(roots: readonly number[]): number {
  // One that has just ended counts with its parent, which has waited for it.
  return processTree(roots).reduce((sum, pid) => sum + (processTimes(pid)?.cpuUs ?? 0), 0);
}

/** The processes and all their descendants. */
export function processTree(roots: readonly number[]): number[] {
  const children = childrenByParent();
  const found = new Set(roots);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of processNames()) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? processTimes(pid)?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

function processNames(): string[] {
  try {
    return readdirSync('/proc');
  } catch (cause) {
    throw new BenchError('CPU is measured through /proc, which this system does not have: run it on Linux.', {
      cause,
    });
  }
}

/** Fields of /proc/<pid>/stat, counted from the state that follows the command's closing parenthesis: proc(5). */
const PPID = 1;
const UTIME = 11;
const CSTIME = 14;

/** Undefined when there is no such process. */
function processTimes(pid: number): ProcessTimes | undefined {
  const text = readIfPresent(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(UTIME, CSTIME + 1).reduce((sum, field) => sum + Number(field), 0);
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return { parent: Number(fields[PPID]), cpuUs: (ticks / ticksPerSecond) * 1e6 };
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}
