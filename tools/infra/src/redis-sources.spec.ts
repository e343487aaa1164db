import { describe, expect, it } from '@jest/globals';
import type { ProgramSource } from './program.js';
import { findRedis } from './redis-sources.js';

// Node answers `--version` as Redis does closely enough: with a version, and exit code 0.
const works: ProgramSource = async () => ({ command: process.execPath, env: {}, origin: 'a test' });
const missing: ProgramSource = async () => {
  throw new Error('not on this machine');
};
const broken: ProgramSource = async () => ({
  command: '/does/not/exist',
  env: {},
  origin: 'a broken package',
});
const tooLate: ProgramSource = async () => {
  throw new Error('must not be asked');
};

const find = async (...sources: ProgramSource[]) => {
  const said: string[] = [];
  const found = await findRedis({ cacheDir: '/unused', say: (line) => said.push(line) }, sources);
  return { origin: found?.origin, said };
};

describe('looking for a Redis server', () => {
  it('takes the first that there is, without a word', async () => {
    expect(await find(missing, works, tooLate)).toEqual({ origin: 'a test', said: [] });
  });

  it('passes over a program that does not run', async () => {
    expect((await find(broken, works)).origin).toBe('a test');
  });

  it('says once, with every reason and the way out, that there is none', async () => {
    const { origin, said } = await find(missing, broken);
    expect(origin).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^No Redis: services run with their in-process cache only\./);
    expect(said[0]).toContain('- not on this machine');
    expect(said[0]).toMatch(/- .*\/does\/not\/exist/);
    expect(said[0]).toContain('set REDIS_URL');
  });

  it('gives up when told to, instead of trying the next', async () => {
    const search = {
      cacheDir: '/unused',
      say: () => undefined,
      signal: AbortSignal.abort(new Error('stop')),
    };
    await expect(findRedis(search, [works])).rejects.toThrow('stop');
  });
});
