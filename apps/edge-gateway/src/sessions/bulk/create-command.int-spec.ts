import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { studentId } from '@flowchart/dataset';
import { freePort } from '@flowchart/infra';
import { testRedisUrl } from '@flowchart/testing';
import { config } from '../../config.js';
import { startEdge, type TestEdge } from '../../testing/test-edge.js';
import { TestOrigin } from '../../testing/test-origin.js';
import { runCreateCommand } from './create-command.js';

describe('create-sessions', () => {
  let folder: string;
  let redisUrl: string;
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowchart-tokens-'));
    redisUrl = await testRedisUrl();
    origin = await TestOrigin.start();
    edge = await startEdge(origin, redisUrl);
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
    await rm(folder, { recursive: true });
  });

  const run = (args: string[], url = redisUrl) =>
    runCreateCommand(args, () => ({ ...config({}), redisUrl: url }), { write: () => undefined });

  it('writes tokens of seeded students, each of which opens a session of its own', async () => {
    const out = join(folder, 'tokens.txt');
    expect(await run(['--count', '2500', '--out', out, '--students=1000'])).toMatch(
      /^2,500 sessions created/,
    );
    const tokens = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(new Set(tokens).size).toBe(2500);
    expect((await stat(out)).mode & 0o077).toBe(0);
    for (const [index, student] of [
      [0, 1],
      [999, 1000],
      [2499, 500],
    ] as const) {
      const authorization = `Bearer ${tokens[index]}`;
      expect(await (await edge.fetch('/auth/status', { headers: { authorization } })).json()).toMatchObject({
        authenticated: true,
        student: { id: studentId(student) },
      });
    }
  });

  it.each([
    [['--count=10'], '--out must name a file'],
    [['--out=x'], '--count must be a whole number above 0'],
    [['--count=ten', '--out=x'], '--count must be a whole number above 0'],
    [['--count=1', '--out=x', '--students=0'], '--students must be a whole number above 0'],
    [['--count=1', '--out=/nowhere/at/all'], '/nowhere/at/all cannot be written'],
    [['--cuont=1'], "Unknown option '--cuont'"],
  ])('%j is refused with a reason', async (args, reason) => {
    await expect(run(args)).rejects.toThrow(reason);
  });

  it('says where it looked for Redis', async () => {
    const port = await freePort();
    await expect(run(['--count=1', '--out=x'], `redis://127.0.0.1:${port}`)).rejects.toThrow(
      `Redis does not answer at 127.0.0.1:${port}`,
    );
  });

  it('explains itself', async () => {
    expect(await run(['--help'])).toContain('--count');
  });
});
