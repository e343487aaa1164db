// Runs the built command line as scripts do: in a process of its own, with its exit code and its output.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** It has to be built before. */
export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function start(args: readonly string[], env: Record<string, string> = {}) {
  // `env` becomes the process itself, so signals reach it.
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const child = spawn('env', [...settings, process.execPath, main, ...args]);
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
