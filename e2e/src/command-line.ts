/** Commands as a user types them, in processes of their own at the root of the workspace. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { callerEnvironment } from './config.js';

export const root = join(import.meta.dirname, '../..');

export const loadRunnerMain = 'apps/load-runner/dist/main.js';

export interface Finished {
  readonly code: number | null;
  /** What it printed, errors included. */
  readonly output: string;
}

/** The leader of a process group of its own, so that a test can signal all of it. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...callerEnvironment, NODE_OPTIONS: '', ...env },
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, finished };
}

export const loadRunner = (args: readonly string[]): Promise<Finished> =>
  start(process.execPath, [loadRunnerMain, ...args]).finished;

/** The folder that a run's summary names. */
export const reportFolder = ({ output }: Finished): string =>
  dirname(/Report: (\S+report\.html)/.exec(output)?.[1] ?? 'no report');
