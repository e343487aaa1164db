/** Processes by identity, and how to stop one: a pid alone may have been given to somebody else since. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfraError } from './infra-error.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the operating system's own notation; only ever compared. */
  readonly started: string;
}

/** One thing to try while stopping a process; what outlives all of them gets SIGKILL. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

const POLL_MS = 50;
const KILL_WAIT_MS = 5000;

/** Who has this pid now; undefined when nobody runs under it (a zombie does not run). */
export function identify(pid: number): ProcessIdentity | undefined {
  const status = process.platform === 'linux' ? statusFromProc(pid) : statusFromPs(pid);
  if (status === undefined || /^[ZX]/.test(status.state)) return undefined;
  return { pid, started: status.started };
}

export const isSame = (one: ProcessIdentity, other: ProcessIdentity): boolean =>
  one.pid === other.pid && one.started === other.started;

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

export const self = (): ProcessIdentity => {
  const identity = identify(process.pid);
  if (identity === undefined) throw new Error('the operating system does not tell about processes');
  return identity;
};

/** The command line of a running process, or an empty string. */
export function commandLine(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? '';
}

export const parentOf = (pid: number): number | undefined => numberOf(pid, 1, 'ppid=');

const groupOf = (pid: number): number | undefined => numberOf(pid, 2, 'pgid=');

/** Ends a process that has no say in it, together with its children of the moment. */
export async function endGroup(identity: ProcessIdentity, limitMs: number): Promise<void> {
  const group = isRunning(identity) ? groupOf(identity.pid) : undefined;
  if (group === undefined) return;
  kill(-group, 'SIGTERM');
  await endsWithin(identity, limitMs);
}

/** Stops exactly this process, politely at first. Returns the signal it took, or undefined when it was gone already. */
export async function stopProcess(
  identity: ProcessIdentity,
  steps: readonly StopStep[],
): Promise<NodeJS.Signals | undefined> {
  if (!isRunning(identity)) return undefined;
  for (const step of [...steps, { signal: 'SIGKILL', waitMs: KILL_WAIT_MS } as const]) {
    sendSignal(identity, step.signal);
    if (await endsWithin(identity, step.waitMs)) return step.signal;
  }
  throw new InfraError(
    `Process ${identity.pid} (${commandLine(identity.pid)}) cannot be stopped, not even by SIGKILL.`,
  );
}

export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    kill(identity.pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    throw new InfraError(
      `Process ${identity.pid} (${commandLine(identity.pid)}) belongs to another user. Stop it as that user or as root.`,
    );
  }
}

/** Sends a signal to a process, or to a group by its negative number; one that is gone by now needs none. */
function kill(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

export async function endsWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** `ENOENT` and its kind, where an error has one. No `instanceof`: test runners give Node's errors another `Error`. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

interface Status {
  readonly state: string;
  readonly started: string;
}

function statusFromProc(pid: number): Status | undefined {
  const fields = statFields(pid);
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function numberOf(pid: number, field: number, column: string): number | undefined {
  const value = process.platform === 'linux' ? statFields(pid)?.[field] : ps(pid, column);
  return value === undefined || value === '' ? undefined : Number(value);
}

/** proc(5): what follows the command's closing bracket, so `[0]` is field 3 (state) and `[19]` field 22 (start time). */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    // ESRCH: it ended between open and read.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function statusFromPs(pid: number): Status | undefined {
  const [state, ...started] = ps(pid, 'state=,lstart=').split(/\s+/);
  return state === undefined || state === '' ? undefined : { state, started: started.join(' ') };
}

function ps(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    // Exit code 1: no such process.
    if (error instanceof Error && 'status' in error && error.status === 1) return '';
    throw error;
  }
}
