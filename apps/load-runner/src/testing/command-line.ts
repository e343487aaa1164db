// Runs the built command line as scripts do: in a process of its own, with its exit code and its output.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Threads and processes of the engine run compiled files: call it before all tests that start some. */
export function requireBuild(): void {
  if (!existsSync(main)) throw new Error('build first: npx nx run load-runner:build');
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function start(args: readonly string[], env: Record<string, string> = {}, cwd?: string) {
  // `env` becomes the process itself, so signals reach it.
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const child = spawn('env', [...settings, process.execPath, main, ...args], { cwd });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, ended, output: () => out + err };
}
export const run = (...args: string[]): Promise<Ended> => start(args).ended;

/** The folder that a run's summary names; it is removed when the tests are done. */
export const folderOf = ({ out }: Ended): string =>
  /Report: (.*)\/report\.html/.exec(out)?.[1] ?? 'no report';
