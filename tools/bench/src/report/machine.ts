/** Where a bench ran: without it nobody can tell slower code from a slower machine. No names, no paths. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  /** Frequency governor; null where it is not told, in virtual machines for one. */
  readonly governor: string | null;
  /** Of the last minute, before the bench began: well above 0, and others were at work. */
  readonly loadAverageBefore: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${type()} ${process.arch}`,
    node: process.version,
    governor: governor(),
    loadAverageBefore: Math.round((loadavg()[0] as number) * 100) / 100,
  };
}

function governor(): string | null {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').trim();
  } catch {
    return null;
  }
}

export interface Revision {
  readonly commit: string;
  /** Whether tracked files differed from it. */
  readonly dirty: boolean;
}

/** Null outside a git checkout, or without git. */
export async function gitRevision(folder: string): Promise<Revision | null> {
  try {
    const [head, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], { cwd: folder }),
      run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: folder }),
    ]);
    return { commit: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return null;
  }
}
