// What a run learns from this machine's calibration, and the server that it was made with.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judgeGenerator, withCeiling } from '../analysis/generator-verdict.js';
import { readMetric } from '../analysis/metrics.js';
import { evaluateThresholds } from '../analysis/thresholds.js';
import type { Measurement } from '../engine/run.js';
import type { Timeline } from '../engine/timeline.js';
import { play, profile, whole } from '../testing/generators.js';
import { discoverCatalogue } from '../users/catalogue.js';
import { browse } from '../users/journeys/browse.js';
import { User } from '../users/user.js';
import { CalibrationCompanion } from './calibration-companion.js';
import { ceilingFor, machineKey, readCalibration, writeCalibration } from './calibration-file.js';
import { NullServer } from './null-server.js';

const one = { workers: 1, ceilingPerSecond: 1000, cpuMicrosPerRequest: 20 };
const four = { workers: 4, ceilingPerSecond: 3000, cpuMicrosPerRequest: 25 };

/** Browses for a second against the null server, with all that journeys check. */
async function browsed(): Promise<{ timeline: Timeline; server: NullServer }> {
  const server = new NullServer();
  const url = `http://127.0.0.1:${await server.listen()}`;
  const catalogue = await discoverCatalogue(url);
  const checked: boolean[] = [];
  const check = (_name: string, passed: boolean): number => checked.push(passed);
  const tally = { check, count: () => undefined, acknowledged: () => undefined, loggedOut: () => undefined };
  const timeline = await play(url, profile({ stages: [{ level: 4, rampMs: 0, holdMs: 1000 }] }), {
    // A generator of its own for each user: they are all on their way at once.
    journey: () => browse(new User(catalogue, 1, tally)),
  }).done;
  await server.close();
  expect(checked.length).toBeGreaterThan(100);
  expect(checked.every(Boolean)).toBe(true);
  return { timeline, server };
}

describe('the null server', () => {
  let timeline: Timeline;
  let server: NullServer;
  beforeAll(async () => {
    ({ timeline, server } = await browsed());
  });

  it('answers everything that a browsing user asks for, so that the generator does all of its own work', () => {
    expect(timeline.total.sum('requests')).toBeGreaterThan(200);
    expect(timeline.total.sum('failed')).toBe(0);
    // Two requests beside the load: the catalogue.
    expect(server.answered - timeline.total.sum('requests') - 2).toBeLessThanOrEqual(4);
  });

  it('leaves a health of the generator that thresholds can be held to, for each second', () => {
    const source = {
      totals: timeline.measured,
      ...{ stages: timeline.stages, seconds: timeline.seconds },
      ...{ measuredMs: 1000, recoveries: [], findings: {} },
    };
    const utilization = readMetric(source, { metric: 'generator_utilization', tags: {} });
    expect(utilization.type === 'trend' && utilization.histogram.percentileMs(50)).toBeCloseTo(
      timeline.seconds[0]?.loopUtilization ?? NaN,
      2,
    );
    const results = evaluateThresholds(
      source,
      {
        generator_loop_delay: [whole('p(99)<1000'), whole('max<0')],
        generator_cpu: [whole('avg<8')],
        generator_utilization: [whole('max<=1')],
      },
      { result: () => undefined },
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true]);
  });
});

describe('a calibration', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-runner-calibration-'));
    file = join(folder, 'infra', 'calibration.json');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const measurement = (requests: number, workers = 1): Measurement =>
    ({
      plan: { workers },
      timeline: {
        seconds: [
          { warmup: true, requests: 5000 },
          { warmup: false, requests: requests / 2 },
          { warmup: false, requests },
        ],
      },
    }) as unknown as Measurement;

  it('is kept for this machine beside those of others', () => {
    expect(readCalibration(file)).toBeUndefined();
    writeCalibration(file, [one]);
    const others = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ another: others[machineKey()] }));
    expect(readCalibration(file)).toBeUndefined();
    writeCalibration(file, [one, four]);
    expect(readCalibration(file)?.ceilings).toEqual([one, four]);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toEqual(['another', machineKey()]);
  });

  it('is another on another processor or Node.js', () => {
    const machine = { cpu: 'a', cores: 2, memoryBytes: 1, platform: 'p', node: 'v24' };
    expect(machineKey(machine)).toBe(machineKey({ ...machine, memoryBytes: 2 }));
    expect(machineKey(machine)).not.toBe(machineKey({ ...machine, cores: 4 }));
    expect(machineKey(machine)).not.toBe(machineKey({ ...machine, node: 'v25' }));
  });

  it('promises no more than was measured with at most as many workers', () => {
    const calibration = { measuredAt: '', machine: {}, ceilings: [one, four] };
    expect([1, 2, 4, 8].map((workers) => ceilingFor(calibration, workers)?.workers)).toEqual([1, 1, 4, 4]);
  });

  it('tells which share of the ceiling the busiest second took, warm-up left out', async () => {
    const { findings } = await new CalibrationCompanion(file).finish(measurement(400));
    expect(findings?.calibration).toMatchObject({ ceilingPerSecond: 1000, share: 0.4 });
    const none = await new CalibrationCompanion(join(folder, 'absent.json')).finish(measurement(400));
    expect(none).toEqual({});
  });

  it('makes a warning above 70 %, and leaves it to the event loops whether the run counts', () => {
    const verdict = judgeGenerator([], 1);
    const near = (share: number) =>
      withCeiling(verdict, { measuredAt: '', ceilingPerSecond: 1000, cpuMicrosPerRequest: 20, share });
    expect(near(0.4).explanation).toContain('took 40 % of the 1000 requests/s');
    expect(near(0.4).explanation).not.toContain('Warning');
    expect(near(0.71)).toMatchObject({
      valid: true,
      explanation: expect.stringContaining('Warning: its busiest'),
    });
    expect(withCeiling(verdict, undefined)).toBe(verdict);
  });
});
