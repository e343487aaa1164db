import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answers } from '../testing/run-records.js';
import { DeltaLogWriter, readDeltaLog } from './delta-log.js';

describe('the log of one part of a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-runner-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const seconds = [0, 1, 2].map((second) => [answers(second, [1, 2, 3 + second])]);
  const write = async (path: string): Promise<void> => {
    const log = new DeltaLogWriter(path);
    for (const deltas of seconds) log.write(deltas);
    await log.close();
  };
  const read = async (path: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const deltas of readDeltaLog(path)) found.push(deltas);
    return found;
  };

  it('gives back what was written, histograms and all', async () => {
    const path = join(folder, 'shard.ndjson.gz');
    await write(path);
    expect(await read(path)).toEqual(seconds);
  });

  it('tells whoever closes it that nothing could be written, and harms nobody before', async () => {
    const log = new DeltaLogWriter(join(folder, 'missing', 'shard.ndjson.gz'));
    log.write(seconds[0] ?? []);
    await new Promise((resolve) => setTimeout(resolve, 20));
    log.write(seconds[1] ?? []);
    await expect(log.close()).rejects.toThrow('ENOENT');
  });

  it.each([
    ['is not there', () => undefined],
    ['was copied in part', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['is none', () => Buffer.from('no gzip')],
  ])('is refused by its name when it %s', async (_, made) => {
    const path = join(folder, 'whole.gz');
    await write(path);
    const other = join(folder, 'other.gz');
    const bytes = made(readFileSync(path));
    if (bytes) writeFileSync(other, bytes);
    await expect(read(other)).rejects.toThrow(`${other} cannot be read to its end (`);
  });
});
