import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withLock } from './lock.js';

const compiled = fileURLToPath(new URL('../dist/lock.js', import.meta.url));
/** Another process that takes the lock, says so and keeps it. */
const holder = `
  const { withLock } = await import(${JSON.stringify(compiled)});
  await withLock(process.argv[1], async () => {
    console.log('held');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });`;

describe('the lock of a folder', () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'flowchart-lock-'))));
  afterAll(() => rm(directory, { recursive: true }));

  let other: ChildProcess | undefined;
  afterEach(() => void other?.kill('SIGKILL'));

  it('is held by one at a time, and is free again as soon as its holder was killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, directory]);
    other = child;
    await once(child.stdout, 'data');
    const said: string[] = [];
    await expect(withLock(directory, async () => 'mine', { limitMs: 300 })).rejects.toThrow(
      /Another start or stop/,
    );
    const waiting = withLock(directory, async () => 'mine', {
      say: (line) => said.push(line),
      limitMs: 10_000,
    });
    setTimeout(() => child.kill('SIGKILL'), 2500);
    expect(await waiting).toBe('mine');
    expect(said).toHaveLength(1);
  });

  it('is released when its holder fails', async () => {
    await expect(withLock(directory, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(directory, async () => 'mine', { limitMs: 0 })).toBe('mine');
  });
});
