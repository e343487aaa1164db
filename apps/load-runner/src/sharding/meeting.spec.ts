// Parts of a run that have never heard of each other begin together.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sleep } from '../testing/settled.js';
import { Meeting } from './meeting.js';

describe('Meeting', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-runner-meeting-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const part = (index: number, of = 3, patienceMs = 5000) =>
    new Meeting({ folder: join(folder, 'run'), shard: { index, of }, patienceMs });

  it('agrees on one start, ahead of all, and on the first part’s seed, whoever comes last', async () => {
    const early = [part(2).agree(22), part(0).agree(20)];
    await sleep(300);
    const lastCameAt = Date.now();
    const agreed = await Promise.all([...early, part(1).agree(21)]);
    expect(new Set(agreed.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(agreed[0]?.seed).toBe(20);
    expect(agreed[0]?.startAtEpochMs).toBeGreaterThanOrEqual(lastCameAt + 5000);
  });

  it('knows when all are done, and where their runs are', async () => {
    const parts = [part(0), part(1), part(2)];
    const done = parts[0]?.allDone(5000);
    for (const index of [1, 2, 0]) parts[index]?.done(`folder-${index}`);
    writeFileSync(join(folder, 'run', 'done-9'), 'not one of them');
    expect(await done).toEqual(['folder-0', 'folder-1', 'folder-2']);
  });

  it('says for whom it waited in vain', async () => {
    await Promise.all([
      expect(part(2, 3, 250).agree(1)).rejects.toThrow('for part 0 to say when to begin'),
      expect(part(0, 3, 250).agree(1)).rejects.toThrow('for part 1 of 3 to be here'),
    ]);
  });

  it('does not take an earlier run’s folder for its own', async () => {
    await part(0, 1).agree(1);
    await expect(part(0, 1).agree(1)).rejects.toThrow('give each run a folder of its own');
  });
});
