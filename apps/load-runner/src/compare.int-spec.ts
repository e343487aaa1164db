// The built `compare` on runs of the real engine against servers whose service times are known.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyse } from './analysis/analyse.js';
import { writeRun } from './reports/run-folder.js';
import { requireBuild, run as loadRunner, start, type Ended } from './testing/command-line.js';
import { FakeEdge } from './testing/fake-edge.js';
import { play, profile } from './testing/generators.js';
import { measurementOf, testMachine } from './testing/run-records.js';
import { after, TruthServer } from './testing/truth-server.js';

const rounds = 5;
const wanted = profile({ name: 'truth', stages: [{ level: 10, rampMs: 0, holdMs: 1500 }] });

const compare = (cwd: string, ...args: string[]): Promise<Ended> =>
  start(['compare', ...args], {}, cwd).ended;

describe('load-runner compare', () => {
  let folder: string;

  /** One run of the engine against a server that takes so long. */
  async function run(set: string, round: number, serviceMs: number): Promise<void> {
    const server = await new TruthServer(after(() => serviceMs)).listen();
    const startedAt = new Date();
    const timeline = await play(server.url, wanted).done;
    await server.kill();
    const measurement = measurementOf(timeline, wanted, { startedAt });
    const record = analyse(measurement, { id: `${set}-${round}`, tags: {}, git: null, machine: testMachine });
    writeRun(join(folder, `${set}-${round}`), { record, seconds: timeline.seconds, system: [] });
  }

  beforeAll(async () => {
    requireBuild();
    folder = mkdtempSync(join(tmpdir(), 'load-runner-compare-'));
    // The sets of a round share whatever the machine does meanwhile.
    for (let round = 0; round < rounds; round++) {
      await Promise.all([run('before', round, 40), run('same', round, 40), run('slow', round, 46)]);
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // p95 and p99 of a second and a half are the machine's, and this one may be busy with other tests.
  const calm = ['--decide', 'p50,throughput,failures'];

  it('finds a system that takes 15 % longer worse, and writes every report', async () => {
    const ended = await compare(
      folder,
      ...['--baseline', 'before-*', '--candidate', 'slow-*/run.json', '--out', 'json=out/comparison.json'],
      ...['--html', 'out/overlay.html', '--markdown', 'out/comment.md'],
    );
    expect([ended.code, ended.err]).toEqual([121, '']);
    expect(ended.out).toContain('█ WORSE THAN THE BASELINE (exit code 121)');
    const read = (name: string) => readFileSync(join(folder, 'out', name), 'utf8');
    const { rows } = JSON.parse(read('comparison.json')) as {
      rows: { scope: string; metric: string; verdict: string; effect: { estimate: number } }[];
    };
    const p50 = rows.find((row) => row.scope === 'Aggregated' && row.metric === 'response p50');
    expect(p50?.verdict).toBe('worse');
    expect(Math.abs((p50?.effect.estimate ?? 0) - 1.15)).toBeLessThan(0.03);
    expect(read('comment.md')).toContain('worse than the baseline');
    expect(read('overlay.html')).toContain('Worse than the baseline');
  });

  it('finds two sets of the same system the same', async () => {
    const ended = await compare(folder, '--baseline', 'before-*', '--candidate', 'same-*', ...calm);
    expect([ended.code, ended.out.includes('█ THE SAME AS THE BASELINE')]).toEqual([0, true]);
  });

  it('finds the slow set’s absence better', async () => {
    const ended = await compare(folder, '--baseline', 'slow-*', '--candidate', 'before-*', ...calm);
    expect([ended.code, ended.out.includes('█ BETTER THAN THE BASELINE')]).toEqual([0, true]);
  });

  it('concludes nothing from two runs a side', async () => {
    const ended = await compare(folder, '--baseline', 'before-[01]', '--candidate', 'slow-[01]');
    expect([ended.code, ended.out.includes('At least 5 runs of each set are needed')]).toEqual([123, true]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a pattern that the shell has expanded',
      ['--baseline', 'before-0', 'before-1', '--candidate', 'slow-*'],
      /what is "before-1"\? The shell seems to have expanded a pattern: put it in quotes/,
    ],
    [
      'a pattern that matches nothing',
      ['--baseline', 'nowhere-*', '--candidate', 'slow-*'],
      /nothing matches "nowhere-\*"/,
    ],
    [
      'a pattern of something else',
      ['--baseline', 'notes.txt', '--candidate', 'slow-*'],
      /"notes.txt" matches 1 files or folders, but none is a run folder/,
    ],
    ['a set that is missing', ['--baseline', 'before-*'], /needs --baseline and --candidate/],
    [
      'the same runs twice',
      ['--baseline', 'before-*', '--candidate', '*-0'],
      /both sets have the run before-0/,
    ],
    ['a figure that is none', ['--decide', 'p42'], /must be some of p50,p95,p99,throughput,failures/],
    ['another format', ['--out', 'csv=x'], /must be json=FILE/],
  ])('ends with 104 on %s', async (_what, args, message) => {
    writeFileSync(join(folder, 'notes.txt'), '');
    const ended = await compare(folder, ...args);
    expect([ended.code, ended.err.replaceAll('\n', ' ')]).toEqual([104, expect.stringMatching(message)]);
  });

  it('gates a run by earlier ones, and refuses a baseline of another load before it begins', async () => {
    const edge = await new FakeEdge().listen();
    const made: string[] = [];
    const file = join(folder, 'gate.yaml');
    const text = 'name: gate\nstages: [{ users: 10, hold: 1s }]\nthinkTime: 0s\naudit: false\n';
    writeFileSync(file, text);
    const run = async (delayMs: number, ...more: string[]) => {
      edge.delayMs = delayMs;
      const ended = await loadRunner('run', file, '--base-url', edge.url, '--repeat', '5', ...more);
      made.push(...[...ended.out.matchAll(/Report: (.*)\/report\.html/g)].map(([, path = '']) => path));
      return ended;
    };
    try {
      expect((await run(40)).code).toBe(0);
      const baseline = made.flatMap((path) => ['--baseline', path]);
      writeFileSync(
        file,
        `${text}baseline: { against: ${JSON.stringify(made)}, minEffect: 10%, decide: [p50] }\n`,
      );
      const slower = await run(60);
      expect([slower.code, slower.out.includes('█ WORSE THAN THE BASELINE')]).toEqual([121, true]);
      const few = await run(40, ...baseline, '--repeat', '1');
      expect([few.code, few.out]).toEqual([104, '']);
      expect(few.err).toContain('nothing is concluded from fewer than 5 fresh runs: give --repeat 5');
      const other = await run(40, ...baseline, '-u', '5');
      expect([other.code, other.out]).toEqual([104, '']);
      expect(other.err).toContain('did something else: stages of the profile differs');
    } finally {
      await edge.close();
      for (const path of made) rmSync(path, { recursive: true, force: true });
    }
  }, 60_000);
});
