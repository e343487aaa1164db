/** Chaos on a stack that the command starts itself: parts die and freeze under load, and nothing is left behind. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '@flowchart/infra';
import { loadRunner, loadRunnerMain, reportFolder, start } from './command-line.js';
import { edgeUrl } from './config.js';

const profile = 'e2e/fixtures/chaos.yaml';

interface Found {
  readonly faults: readonly { part: string; action: string; recoverySeconds: number | null }[];
  readonly audit: readonly { violations: number; examined: number }[];
}

describe('chaos', () => {
  let scratch: string;
  const made: string[] = [];
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'flowchart-chaos-'));
  });
  afterAll(async () => {
    for (const folder of [scratch, ...made]) await rm(folder, { recursive: true, force: true });
  });

  it('is refused on a stack that somebody else started', async () => {
    const { code, output } = await loadRunner(['run', profile, '--base-url', edgeUrl()]);
    expect([code, output]).toEqual([104, expect.stringContaining('stop the one that runs')]);
  }, 30_000);

  it('kills Redis and freezes a service; the system is back each time, has kept its promises, and leaves nothing', async () => {
    const json = join(scratch, 'run.json');
    const ports = await freePorts();
    const env = { ...ports, INFRA_DIR: join(scratch, 'infra'), DATASET_SIZE: 'XS', LOG_LEVEL: 'warn' };
    const command = [loadRunnerMain, 'run', profile, '--out', `json=${json}`];
    const stack = ['tools/infra/dist/stack.js', '--', process.execPath, ...command];
    const finished = await start(process.execPath, stack, env).finished;
    expect([finished.code, finished.output]).toEqual([0, expect.stringContaining('FAULTS')]);
    made.push(reportFolder(finished));
    const { faults, audit } = JSON.parse(await readFile(json, 'utf8')) as Found;
    expect(faults.map(({ action, part }) => `${action} ${part}`)).toEqual([
      'kill redis',
      'freeze course-service',
    ]);
    expect(faults.every(({ recoverySeconds }) => recoverySeconds !== null && recoverySeconds < 10)).toBe(
      true,
    );
    expect(audit.map(({ violations }) => violations)).toEqual(audit.map(() => 0));
    expect(existsSync(join(scratch, 'infra', 'stack.json'))).toBe(false);
    for (const port of Object.values(ports)) {
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  }, 120_000);
});
