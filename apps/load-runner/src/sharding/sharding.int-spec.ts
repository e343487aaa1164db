// Three processes of the built command line play one load, and what they did together is what one process does alone.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import type { RunRecord } from '../analysis/record.js';
import type { Run } from '../reports/run.js';
import { readRecord, readRun } from '../reports/run-folder.js';
import { folderOf, requireBuild, run as loadRunner, type Ended } from '../testing/command-line.js';
import { FakeEdge } from '../testing/fake-edge.js';

const parts = 3;
const indexes = Array.from({ length: parts }, (_, index) => index);

describe('a load that several processes share', () => {
  let edge: FakeEdge;
  let files: string;
  const made: string[] = [];

  const profile = (name: string, load: string): string => {
    const file = join(files, `${name}.yaml`);
    writeFileSync(file, `name: ${name}\n${load}\njourneys: { browse: 1 }\naudit: false\n`);
    return file;
  };
  const run = (file: string, ...more: string[]) =>
    loadRunner('run', file, '--base-url', edge.url, '--workers', '1', ...more);

  beforeAll(async () => {
    requireBuild();
    files = mkdtempSync(join(tmpdir(), 'load-runner-sharding-'));
    edge = await new FakeEdge().listen();
    // Long enough to tell the server's time from the machine's.
    edge.delayMs = 30;
  });
  afterAll(async () => {
    await edge.close();
    for (const folder of [files, ...made]) rmSync(folder, { recursive: true, force: true });
  });

  it('meets in a folder, begins at once, and is merged by the first part into the run of one process', async () => {
    const file = profile('open', 'model: open\narrivals: poisson\nstages: [{ rate: 120, hold: 4s }]');
    const meet = join(files, 'meeting');
    const ended = await Promise.all(
      indexes.map((index) =>
        run(file, '--shard', `${index}/${parts}`, '--meet', meet, '--seed', String(7 + index)),
      ),
    );
    expect(ended.map(({ code, err }) => [code, err.includes('error')])).toEqual(
      indexes.map(() => [0, false]),
    );
    const single = await run(file, '--seed', '7');
    made.push(folderOf(single));
    const [one, merged] = [readRun(folderOf(single)), readRun(folderOf(ended[0] as Ended))];

    const partRuns = readdirSync(meet)
      .filter((name) => name.includes('-shard-'))
      .map((name) => readRun(join(meet, name)));
    expect(partRuns.map(({ record }) => record.shard?.index).sort()).toEqual(indexes);
    expect(new Set(partRuns.map(({ record }) => record.startedAt)).size).toBe(1);
    // Each played its third, and together they are all that arrived: of one seed, to the last one.
    const shares = partRuns.map(offered);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(offered(one));
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    expect(offered(merged)).toBe(offered(one));
    const [all, alone] = [merged.record, one.record];
    expect(all.total.requests).toBe(alone.total.requests);
    expect([all.generator.workers, all.verdict.outcome]).toEqual([parts, 'passed']);
    // The parts' histograms added up, to the bucket: other processes may slow one run down, but not this.
    const together = new LatencyHistogram();
    for (const { record } of partRuns) together.add(LatencyHistogram.decode(record.total.response.hdr));
    expect(all.total.response.count).toBe(together.count);
    for (const [percentile, ms] of [
      [50, all.total.response.medianMs],
      [95, all.total.response.p95Ms],
      [99, all.total.response.p99Ms],
    ] as const) {
      expect(Math.abs(ms / together.percentileMs(percentile) - 1)).toBeLessThan(0.002);
    }
    expect(existsSync(join(folderOf(ended[0] as Ended), 'report.html'))).toBe(true);
  }, 60_000);

  it('begins at a given time without a folder, and is merged by the command', async () => {
    const file = profile(
      'closed',
      `stages: [{ users: 8, hold: 3s }]
thinkTime: 50ms
baseline: { against: earlier-* }
thresholds: { 'http_reqs{status:200}': count>100, 'http_reqs{status:503}': count==0 }`,
    );
    const unjudged = 'baseline is not looked at here';
    const startAt = String(Date.now() + 6000);
    const ended = await Promise.all(
      indexes.map((index) => run(file, '--shard', `${index}/${parts}`, '--start-at', startAt, '--seed', '7')),
    );
    const folders = ended.map(folderOf);
    made.push(...folders);
    expect(ended.map(({ code, err }) => [code, err.includes(unjudged)])).toEqual(
      indexes.map(() => [0, true]),
    );
    const out = join(files, 'merged');
    const merged = await loadRunner('merge', out, ...folders);
    expect([merged.code, merged.err]).toEqual([0, expect.stringContaining(unjudged)]);
    const all = readRecord(out);
    expect(new Date(all.startedAt).getTime()).toBe(Number(startAt));
    expect(users(all)).toBe(8);
    const requests = folders.map((folder) => readRecord(folder).total.requests);
    expect(all.total.requests).toBe(requests.reduce((sum, own) => sum + own, 0));
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toHaveProperty('metrics');

    const again = await loadRunner('merge', out, ...folders);
    expect([again.code, again.err.includes('exists already')]).toEqual([104, true]);
    const incomplete = await loadRunner('merge', join(files, 'two'), ...folders.slice(1));
    expect([incomplete.code, incomplete.err.includes('2 parts were given, the run has 3')]).toEqual([
      104,
      true,
    ]);
  }, 60_000);

  it.each<[string, string[], RegExp]>([
    [
      'a part that cannot meet the others',
      ['--shard', '0/3'],
      /--shard needs --meet, or else --start-at and --seed/,
    ],
    ['a start without a part', ['--start-at', '2030-01-01T00:00:00Z'], /are for parts of a run/],
    ['a part that does not exist', ['--shard', '3/3'], /part i of N, counted from 0/],
    [
      'a start that is over',
      ['--shard', '0/2', '--start-at', '2020-01-01T00:00:00Z', '--seed', '1'],
      /leave more time/,
    ],
  ])('refuses %s', async (_what, args, message) => {
    const ended = await run(profile('refused', 'stages: [{ users: 1, hold: 1s }]\nthinkTime: 1s'), ...args);
    expect([ended.code, ended.err]).toEqual([104, expect.stringMatching(message)]);
  });
});

const offered = ({ seconds }: Run): number => seconds.reduce((sum, second) => sum + second.offered, 0);
const users = (record: RunRecord): number => record.metrics['vus_max']?.values['value'] ?? 0;
