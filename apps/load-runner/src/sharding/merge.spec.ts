// Parts of a run, put together, are the run.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyse } from '../analysis/analyse.js';
import type { AuditCheck } from '../analysis/findings.js';
import type { RunRecord } from '../analysis/record.js';
import { ThresholdWatch } from '../analysis/threshold-watch.js';
import { noCounters, type Delta } from '../engine/delta.js';
import { Timeline } from '../engine/timeline.js';
import { writeRun } from '../reports/run-folder.js';
import { profile, whole } from '../testing/generators.js';
import { answers, measurementOf, testMachine } from '../testing/run-records.js';
import { endpoint } from '../users/endpoint.js';
import { deltaLogName, DeltaLogWriter } from './delta-log.js';
import { mergeRuns } from './merge.js';

const seconds = 6;
const parts = 3;
const workersEach = 2;
const workers = parts * workersEach;
const circumstances = { tags: { build: '7' }, git: null, machine: testMachine };
const wanted = profile({
  stages: [{ level: 12, rampMs: 1000, holdMs: 5000 }],
  warmupMs: 1000,
  thresholds: {
    http_req_duration: [{ ...whole('p(95)<40'), windowMs: 2000 }],
    'http_req_response{name:listCourses}': [whole('p(99)<45.5')],
    http_reqs: [whole('count>100')],
  },
});

/** Every worker has latencies of its own, one of them a slow one, and something of everything that is counted. */
const delta = (worker: number, second: number): Delta => ({
  ...answers(
    second,
    Array.from({ length: 5 + worker }, (_, index) => 3 + index * 1.37 + worker * 7 + second / 3),
    { worker, users: 2 + (worker % 2), counters: { ...noCounters(), userMs: 2000 + worker, busyMs: 100 } },
  ),
  errors: worker === 4 ? [{ endpoint: endpoint('listCourses').index, reason: 'HTTP 503', count: 2 }] : [],
  checks: [{ name: 'has a title', passes: 5, fails: worker === 1 ? 1 : 0 }],
  health: { loopDelayP99Ms: worker + second, loopDelayMaxMs: 9, loopUtilization: 0.1 * worker, cpu: 0.05 },
  // Some of them equally slow.
  slowest: [1, 2, 3].map((number) => ({
    ...{ traceId: `${worker}-${second}-${number}`, sampled: number === 1, endpoint: 0, path: '/courses' },
    ...{ status: 200, outcome: 'answered' as const, responseMs: 100 + (worker % 3) * number },
    ...{ serviceMs: 90, wantedAtEpochMs: second * 1000 },
  })),
});

function play(own: readonly number[]) {
  const watch = new ThresholdWatch(wanted);
  const timeline: Timeline = new Timeline(wanted, own.length, (second, deltas) =>
    watch.second(second, deltas, timeline),
  );
  // Workers report when they get to it, not in turns.
  for (const worker of own.toReversed()) {
    for (let second = 0; second < seconds; second++) timeline.add(delta(worker, second));
  }
  for (const worker of own) timeline.workerDone(worker);
  const trace = { sampleShare: 0.5 };
  const plan = { ...measurementOf(timeline, wanted).plan, workers: own.length, trace };
  return { timeline, watch, measurement: measurementOf(timeline, wanted, { plan, measuredMs: 5000 }) };
}

describe('mergeRuns', () => {
  let folder: string;
  const folders = Array.from({ length: parts }, (_, index) => `part-${index}`);
  const path = (name: string) => join(folder, name);

  async function writePart(name: string, index: number, changes: Partial<RunRecord> = {}): Promise<void> {
    const own = Array.from({ length: workersEach }, (_, worker) => index * workersEach + worker);
    const { timeline, watch, measurement } = play(own);
    const shard = { index, of: parts };
    const record = { ...analyse(measurement, { id: name, shard, ...circumstances }, {}, watch), ...changes };
    writeRun(path(name), { record, seconds: timeline.seconds, system: [] });
    const log = new DeltaLogWriter(join(path(name), deltaLogName));
    for (let second = 0; second < seconds; second++) log.write(own.map((worker) => delta(worker, second)));
    await log.close();
  }

  const audit = (examined: number, violations: number): AuditCheck[] => [
    { name: 'plans', examined, violations, examples: violations > 0 ? [`${examined}`] : [], note: '' },
  ];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'load-runner-merge-'));
    await Promise.all(folders.map((name, index) => writePart(name, index)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives exactly the record and the seconds that one process would have given', async () => {
    const { timeline, watch, measurement } = play(Array.from({ length: workers }, (_, worker) => worker));
    const expected = analyse(measurement, { id: 'merged', ...circumstances }, {}, watch);
    // The order of the folders does not matter.
    const merged = await mergeRuns('merged', folders.toReversed().map(path));
    expect(JSON.parse(JSON.stringify(merged.record))).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(JSON.parse(JSON.stringify(merged.seconds))).toEqual(JSON.parse(JSON.stringify(timeline.seconds)));
    // So that nothing above compares empty with empty.
    expect(merged.record.total.requests).toBe(5 * (5 + 6 + 7 + 8 + 9 + 10));
    expect(merged.record.thresholds.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(merged.record.generator.loopDelayP99Ms).toBe(10);
    expect(merged.record.shard).toBeUndefined();
    expect(merged.record.slowest?.map(({ responseMs }) => responseMs)).toEqual([
      ...Array<number>(10).fill(106),
      ...Array<number>(10).fill(104),
    ]);
  });

  it('adds up what the parts audited, and takes the longest of them for the length', async () => {
    const names = folders.map((name) => `audited-${name}`);
    await Promise.all(
      names.map((name, index) =>
        writePart(name, index, { audit: audit(10 + index, index), measuredMs: 5000 + index * 100 }),
      ),
    );
    const { record } = await mergeRuns('merged', names.map(path));
    expect(record.audit).toEqual([
      { name: 'plans', examined: 33, violations: 3, examples: ['11', '12'], note: '' },
    ]);
    expect(record.measuredMs).toBe(5200);
  });

  it('is interrupted when one part was', async () => {
    const verdict = { exitCode: 105, outcome: 'interrupted' as const, reasons: [] };
    await writePart('stopped', 1, { verdict });
    const { record } = await mergeRuns('merged', ['part-0', 'stopped', 'part-2'].map(path));
    expect(record.verdict.exitCode).toBe(105);
  });

  it.each<[string, () => Promise<string[]>, string]>([
    ['a part is missing', async () => ['part-0', 'part-1'], '2 parts were given, the run has 3'],
    ['a part is given twice', async () => ['part-0', 'part-1', 'part-1'], 'part-1 is part 1 of 3'],
    [
      'a run is no part',
      async () => {
        const { measurement } = play([0]);
        const record = analyse(measurement, { id: 'whole', ...circumstances });
        writeRun(path('whole'), { record, seconds: [], system: [] });
        return ['whole'];
      },
      'whole is not a part of a run',
    ],
    [
      'the parts are of different runs',
      async () => {
        await writePart('other', 2, { seed: 99 });
        return ['part-0', 'part-1', 'other'];
      },
      'other and part-0 are of different runs: seed differs',
    ],
    [
      'only some parts sent a trace context',
      async () => {
        await writePart('untraced', 2, { trace: { sampleShare: 0.1 } });
        return ['part-0', 'part-1', 'untraced'];
      },
      'untraced and part-0 are of different runs: trace differs',
    ],
  ])('refuses when %s', async (_what, given, message) => {
    const names = await given();
    await expect(mergeRuns('merged', names.map(path))).rejects.toThrow(message);
  });
});
