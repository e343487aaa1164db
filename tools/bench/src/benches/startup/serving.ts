/** `nx run-many -t serve` as a user types it, on ports and in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, readRecord } from '@flowchart/infra';
import { BenchError } from '../../bench-error.js';
import { callerEnvironment, folders } from '../../config.js';
import { processTree } from '../../measure/process-cpu.js';

const POLL_MS = 25;
const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 60_000;

export interface Serving {
  /** From the command to the first answer of a service through the edge. */
  readonly firstAnswerMs: number;
  /** All processes of it; the databases are nobody's children. */
  processes(): Promise<number[]>;
  stop(): Promise<void>;
}

export async function serve(infraDir: string, signal: AbortSignal): Promise<Serving> {
  const ports = await freePorts();
  const startedMs = performance.now();
  const child = spawn(join(folders.workspace, 'node_modules/.bin/nx'), ['run-many', '-t', 'serve'], {
    cwd: folders.workspace,
    env: { ...callerEnvironment(), ...ports, INFRA_DIR: infraDir },
    stdio: 'ignore',
    // A group of its own, so that it can be stopped as Ctrl-C does it.
    detached: true,
  });
  const exit = once(child, 'exit');
  exit.catch(() => undefined);
  const group = -(child.pid as number);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(group, 'SIGINT');
    await Promise.race([exit, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
    if (child.exitCode === null && child.signalCode === null) process.kill(group, 'SIGKILL');
  };
  try {
    while (!(await answers(Number(ports['EDGE_PORT']), signal))) {
      if (child.exitCode !== null) throw new BenchError('nx run-many -t serve ended before it answered');
      if (performance.now() - startedMs > READY_LIMIT_MS) throw new BenchError('the stack did not answer');
      await sleep(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const firstAnswerMs = performance.now() - startedMs;
  return {
    firstAnswerMs,
    processes: async () => {
      const databases = await Promise.all(['postgres', 'redis'].map((name) => readRecord(infraDir, name)));
      const roots = databases.flatMap((record) => record?.process.pid ?? []);
      return processTree([child.pid as number, ...roots]);
    },
    stop,
  };
}

async function answers(port: number, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  return fetch(`http://127.0.0.1:${port}/courses`, { signal }).then(
    async (answer) => (await answer.arrayBuffer(), answer.ok),
    () => false,
  );
}
