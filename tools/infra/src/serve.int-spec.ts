import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { callerEnvironment } from './config.js';
import { freePort } from './ports.js';
import { endsWithin, isRunning, type ProcessIdentity } from './processes.js';
import { readRecord } from './records.js';

const program = (name: string) => fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));

describe('infra:serve', () => {
  let infraDir: string;
  let environment: NodeJS.ProcessEnv;
  const children: ChildProcess[] = [];

  /** Runs until both databases have been announced. */
  async function serve(extra: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; said: () => string }> {
    const child = spawn(process.execPath, [program('serve')], { env: { ...environment, ...extra } });
    children.push(child);
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (/^PostgreSQL/m.test(output) && /^Redis[: ]/m.test(output)) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => reject(new Error(`it ended: ${output}`)));
    });
    return { child, said: () => output };
  }

  async function databases(): Promise<ProcessIdentity[]> {
    const records = await Promise.all(['postgres', 'redis'].map((name) => readRecord(infraDir, name)));
    return records.map((record) => {
      if (record === undefined) throw new Error('a database has no record');
      return record.process;
    });
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exit)[0];
  }

  const openWills = () => readdir(join(infraDir, 'run', 'wills'));

  beforeAll(async () => {
    infraDir = await mkdtemp(join(tmpdir(), 'flowchart-serve-'));
    environment = {
      ...callerEnvironment(),
      INFRA_DIR: infraDir,
      POSTGRES_PORT: String(await freePort()),
      REDIS_PORT: String(await freePort()),
      DATABASE_URL: '',
      REDIS_URL: '',
    };
  });
  afterEach(async () => {
    for (const child of children.splice(0))
      if (child.exitCode === null && !child.killed) await end(child, 'SIGTERM');
  });
  afterAll(() => rm(infraDir, { recursive: true }));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops both databases on %s and exits with 0',
    async (signal) => {
      const { child } = await serve();
      const running = await databases();
      expect(await end(child, signal)).toBe(0);
      expect(running.some(isRunning)).toBe(false);
      expect(await openWills()).toEqual([]);
    },
  );

  it('leaves no database behind when it is killed', async () => {
    const { child } = await serve();
    const running = await databases();
    await end(child, 'SIGKILL');
    for (const process of running) expect(await endsWithin(process, 10_000)).toBe(true);
  });

  it('leaves no database behind when the program that started it is killed', async () => {
    const launcher = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(process.execPath, [${JSON.stringify(program('serve'))}], { stdio: 'inherit' })`,
      ],
      { env: environment },
    );
    await once(launcher.stdout, 'data');
    while (
      (await readRecord(infraDir, 'postgres')) === undefined ||
      (await readRecord(infraDir, 'redis')) === undefined
    )
      await new Promise((resolve) => setTimeout(resolve, 50));
    const running = await databases();
    launcher.kill('SIGKILL');
    for (const process of running) expect(await endsWithin(process, 10_000)).toBe(true);
  });

  it('borrows what another one runs, and leaves it running', async () => {
    const first = await serve();
    const running = await databases();
    const second = await serve();
    expect(second.said()).toMatch(/^PostgreSQL .*\(ran already\)$/m);
    expect(await end(second.child, 'SIGTERM')).toBe(0);
    expect(running.every(isRunning)).toBe(true);
    expect(await end(first.child, 'SIGTERM')).toBe(0);
    expect(running.some(isRunning)).toBe(false);
  });

  it('refuses another port while somebody uses the database on this one', async () => {
    await serve();
    await expect(serve({ POSTGRES_PORT: String(await freePort()) })).rejects.toThrow(
      /already runs on port \d+, for process \d+\. Set POSTGRES_PORT=\d+ to use that one, or INFRA_DIR/,
    );
  });

  it('starts nothing where everything is given', async () => {
    const { said } = await serve({ DATABASE_URL: 'postgres://elsewhere', REDIS_URL: 'redis://elsewhere' });
    expect(said()).toMatch(/PostgreSQL: yours, as DATABASE_URL says/);
    expect(said()).toMatch(/Redis: yours, as REDIS_URL says/);
    expect(await readRecord(infraDir, 'postgres')).toBeUndefined();
  });

  it('is reset to nothing', async () => {
    await serve();
    const running = await databases();
    const reset = spawn(process.execPath, [program('reset')], { env: environment });
    let output = '';
    reset.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    expect((await once(reset, 'exit'))[0]).toBe(0);
    expect(running.some(isRunning)).toBe(false);
    expect(output).toContain(`${infraDir}/postgres`);
    expect(await readdir(infraDir)).not.toContain('postgres');
  });
});
