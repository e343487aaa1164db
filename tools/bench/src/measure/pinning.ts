/** Servers on one core, the client on another: neither then takes time from the other, nor moves under it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type Side = 'server' | 'client';

export interface Pinning {
  /** Said in the output. */
  readonly description: string;
  /** Moves a process with all its threads; what it starts later inherits the core. Does nothing without pinning. */
  pin(pid: number, side: Side): void;
}

export const unpinned = (reason: string): Pinning => ({
  description: `not pinned: ${reason}`,
  pin: () => undefined,
});

export function choosePinning(): Pinning {
  const [server, client] = allowedCores();
  if (server === undefined || client === undefined || !hasTaskset())
    return unpinned('that takes Linux, two cores and taskset');
  const cores = { server, client };
  return {
    description: `servers on core ${server}, client on core ${client}`,
    pin: (pid, side) => void taskset('-a', '-c', '-p', String(cores[side]), String(pid)),
  };
}

/** Cores this process may use; empty where the system does not tell. */
function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(statusOfSelf())?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Number.isNaN(first) || range === ''
      ? []
      : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function statusOfSelf(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

const taskset = (...args: string[]): Buffer => execFileSync('taskset', args, { stdio: 'pipe' });

function hasTaskset(): boolean {
  try {
    taskset('--version');
    return true;
  } catch {
    return false;
  }
}
