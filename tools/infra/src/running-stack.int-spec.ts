import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { callerEnvironment } from './config.js';
import type { RunningPart } from './databases.js';
import { freePort, requireFreePort } from './ports.js';
import { isRunning } from './processes.js';
import { exists } from './records.js';
import { startStack, type RunningStack, type StackOptions } from './running-stack.js';
import type { StackPart } from './stack-parts.js';

const standIn = fileURLToPath(new URL('../fixtures/service.mjs', import.meta.url));

describe('the stack', () => {
  let infraDir: string;
  let parts: StackPart[];
  let environment: NodeJS.ProcessEnv;
  let stack: RunningStack | undefined;
  const said: string[] = [];

  const start = async (extra: NodeJS.ProcessEnv = {}, options: StackOptions = {}): Promise<RunningStack> => {
    said.length = 0;
    const env = { ...environment, ...extra };
    stack = await startStack({ env, parts, onProgress: (line) => said.push(line), ...options });
    return stack;
  };
  const partOf = (running: RunningStack, name: string): RunningPart => {
    const part = running.parts.find((candidate) => candidate.name === name);
    if (part === undefined) throw new Error(`${name} does not run`);
    return part;
  };
  const nothingIsLeft = async (): Promise<void> => {
    const ports = [...parts.map(({ port }) => port), environment.POSTGRES_PORT, environment.REDIS_PORT];
    for (const port of ports) await requireFreePort(Number(port), 'NONE');
    expect(await exists(join(infraDir, 'stack.json'))).toBe(false);
  };

  beforeAll(async () => {
    infraDir = await mkdtemp(join(tmpdir(), 'flowchart-stack-'));
    environment = {
      ...callerEnvironment(),
      INFRA_DIR: infraDir,
      POSTGRES_PORT: String(await freePort()),
      REDIS_PORT: String(await freePort()),
    };
    const part = async (name: string): Promise<StackPart> => {
      const port = await freePort();
      return {
        name,
        port,
        variable: 'SOME_PORT',
        command: process.execPath,
        args: [standIn, String(port)],
        cwd: '/',
      };
    };
    parts = [await part('back'), await part('front')];
  });
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });
  afterAll(() => rm(infraDir, { recursive: true }));

  it('is up when every service is ready, tells its processes and ports in a file, and goes without a trace', async () => {
    const running = await start({ READY_AFTER_MS: '500' });
    const file = JSON.parse(await readFile(join(infraDir, 'stack.json'), 'utf8')) as Record<string, unknown>;
    expect(file.parts).toEqual(
      running.parts.map(({ name, process, port }) => ({ name, pid: process.pid, port })),
    );
    expect(running.parts.map(({ name }) => name).toSorted()).toEqual(['back', 'front', 'postgres', 'redis']);
    expect(said.filter((line) => /ready on port/.test(line))).toHaveLength(2);
    const were = running.parts;
    await running.stop();
    expect(were.filter(({ process }) => isRunning(process))).toEqual([]);
    await nothingIsLeft();
  });

  it('lets a service finish what it does when it stops', async () => {
    await (await start({ DRAIN_MS: '700' })).stop();
    expect(await readFile(join(infraDir, 'logs', 'front.log'), 'utf8')).toMatch(/drains\nis done/);
  });

  it('says what a service said last that does not start, and stops the others', async () => {
    await expect(start({ FAIL: String(parts[1]?.port), READY_AFTER_MS: '60000' })).rejects.toThrow(
      /front ended while it started[^]*this service was told to fail[^]*front\.log/,
    );
    await nothingIsLeft();
  });

  it('does not wait for ever for a service to get ready', async () => {
    await expect(start({ READY_AFTER_MS: '60000' }, { readyLimitMs: 500 })).rejects.toThrow(
      /was not ready within 0\.5 s/,
    );
    await nothingIsLeft();
  });

  it('gives up its start when told to', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 1000);
    await expect(start({ READY_AFTER_MS: '60000' }, { signal: stop.signal })).rejects.toThrow('enough');
    await nothingIsLeft();
  });

  it.each(['back', 'redis', 'postgres'])('has %s back after it was killed and restarted', async (name) => {
    const running = await start();
    const before = partOf(running, name);
    await running.kill(name);
    expect(isRunning(before.process)).toBe(false);
    await running.restart(name);
    const after = partOf(running, name);
    expect(after.port).toBe(before.port);
    expect(isRunning(after.process)).toBe(true);
    expect(said.filter((line) => /unexpectedly/.test(line))).toEqual([]);
  });

  it('tells of a part that ended by itself', async () => {
    const running = await start();
    process.kill(partOf(running, 'back').process.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(said.filter((line) => /^back .*ended unexpectedly/.test(line))).toHaveLength(1);
  });
});
