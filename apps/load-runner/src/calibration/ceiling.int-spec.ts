// The built command line against the null server: a generator that is asked for too much says so.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../analysis/record.js';
import { main, requireBuild } from '../testing/command-line.js';
import { writeCalibration } from './calibration-file.js';
import type { NullTarget } from './null-target.js';

const built = new URL('../../dist/', import.meta.url);

describe('at its ceiling', () => {
  let folder: string;
  let url: string;
  /** In a process of its own: in this one it would be the bottleneck itself. */
  let target: NullTarget;
  const made: string[] = [];

  beforeAll(async () => {
    requireBuild();
    folder = mkdtempSync(join(tmpdir(), 'load-runner-ceiling-'));
    const module = (await import(new URL('calibration/null-target.js', built).href)) as {
      NullTarget: typeof NullTarget;
    };
    target = await module.NullTarget.start();
    url = target.url;
  });
  afterAll(async () => {
    await target.stop();
    for (const path of [folder, ...made]) rmSync(path, { recursive: true, force: true });
  });

  const start = (...args: string[]) =>
    spawn(process.execPath, [main, ...args], { env: { ...process.env, INFRA_DIR: folder } });

  async function run(name: string, yaml: string): Promise<{ code: number; record: RunRecord }> {
    const file = join(folder, `${name}.yaml`);
    const json = join(folder, `${name}.json`);
    writeFileSync(file, `name: ${name}\njourneys: { browse: 1 }\naudit: false\n${yaml}`);
    const child = start('run', file, '--base-url', url, '--workers', '1', '--out', `json=${json}`);
    // Beside other work the target might give out first: the generator has to be the one that goes short.
    setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    made.push(/Report: (.*)\/report\.html/.exec(out)?.[1] ?? folder);
    return { code, record: JSON.parse(readFileSync(json, 'utf8')) as RunRecord };
  }

  it('ends with 120 when it is asked for more than it can do, however good the figures look', async () => {
    const asked = 'model: open\nstages: [{ rate: 100000, hold: 5s }]\nmaxInFlight: 200\ngracefulStop: 1s\n';
    const { code, record } = await run('beyond', `${asked}thresholds: { http_reqs: count>1000 }`);
    expect(record.total.requests).toBeGreaterThan(1000);
    expect(record.total.failed).toBe(0);
    expect(code).toBe(120);
    expect(record.verdict.outcome).toBe('invalid');
    expect(record.verdict.reasons[0]).toContain('The generator was the bottleneck');
  });

  it('tells what share of the machine’s calibrated ceiling a run took', async () => {
    writeCalibration(join(folder, 'calibration.json'), [
      { workers: 1, ceilingPerSecond: 400, cpuMicrosPerRequest: 20 },
    ]);
    const asked = 'model: open\nstages: [{ rate: 320, hold: 2s }]\n';
    const { code, record } = await run('near', `${asked}thresholds: { generator_utilization: avg<0.9 }`);
    expect(code).toBe(0);
    expect(record.calibration?.share).toBeCloseTo(0.8, 1);
    expect(record.generator.explanation).toContain('Warning: its busiest second took');
  });

  it('gives an interrupted calibration up, keeps nothing of it and leaves no process', async () => {
    rmSync(join(folder, 'calibration.json'), { force: true });
    const child = start('calibrate', '--seconds', '2');
    const [step] = (await once(child.stderr, 'data')) as [Buffer];
    expect(step.toString()).toMatch(/^1 worker, closed, 16 users: [\d,]+ requests\/s, [\d.]+ µs of CPU each/);
    child.kill('SIGINT');
    // `close` comes when nobody holds the pipes any more, the null server included.
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(105);
    expect(existsSync(join(folder, 'calibration.json'))).toBe(false);
  });
});
