// Where a run was made: without it nobody can tell a slower system from a slower machine.

import { execFile } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import type { Machine, RunRecord } from './record.js';

const run = promisify(execFile);

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  };
}

/** Null outside a git checkout, or without git. */
export async function gitRevision(folder: string): Promise<RunRecord['git']> {
  try {
    const [head, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], { cwd: folder }),
      run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: folder }),
    ]);
    return { revision: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return null;
  }
}
