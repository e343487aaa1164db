// Which runs are compared, which are not, and what the reader is told.

import { describe, expect, it } from '@jest/globals';
import { runRecord } from '../../testing/run-records.js';
import type { RunRecord } from '../record.js';
import { compareRuns, defaultCompareOptions as options } from './compare-runs.js';

const spread = Array.from({ length: 100 }, (_, index) => 10 + index / 10);

/** Runs in turns: the baseline's in even minutes, the candidate's in odd ones. */
function set(name: 'baseline' | 'candidate', slowdown = 1, count = 5): RunRecord[] {
  return Array.from({ length: count }, (_, index) =>
    runRecord({
      id: `${name}-${index}`,
      startedAt: new Date(60_000 * (2 * index + (name === 'baseline' ? 0 : 1))),
      milliseconds: spread.map((ms) => ms * slowdown * (1 + index / 500)),
    }),
  );
}
const compare = (baseline: RunRecord[], candidate: RunRecord[]) => compareRuns(baseline, candidate, options);

const changed = (run: RunRecord | undefined, changes: Partial<RunRecord>): RunRecord => ({
  ...(run ?? runRecord({ id: 'none', startedAt: new Date(0), milliseconds: spread })),
  ...changes,
});

describe('compareRuns', () => {
  it('finds every latency of a slower set worse, and lets those of all requests decide', () => {
    const { comparison, sets } = compare(set('baseline'), set('candidate', 1.15));
    expect([comparison.verdict, sets.notes]).toEqual(['worse', []]);
    const rows = comparison.rows.map(({ scope, metric, decides, verdict }) =>
      [scope, metric, verdict, ...(decides ? ['decides'] : [])].join(' '),
    );
    expect(rows.slice(0, 5).sort()).toEqual([
      'Aggregated failures same decides',
      'Aggregated response p50 worse decides',
      'Aggregated response p95 worse decides',
      'Aggregated response p99 worse decides',
      'Aggregated throughput same decides',
    ]);
    expect(rows).toContain('listCourses service p95 worse');
    expect(rows).toContain('listCourses response mean worse');
    expect(comparison.reasons[0]).toMatch(/^Aggregated response p\d\d: 1\.1[45]\d times the baseline/);
  });

  it('finds two sets of the same system the same', () => {
    expect(compare(set('baseline'), set('candidate')).comparison.verdict).toBe('same');
  });

  it('lets only those figures decide that it is told to', () => {
    const { comparison } = compareRuns(set('baseline'), set('candidate', 1.15), options, ['throughput']);
    expect(comparison.verdict).toBe('same');
  });

  it('compares the CPU that each part of the system spent on a request', () => {
    const system = (demandMs: number) => ({
      ...{ statements: [], bottlenecks: [], missing: [] },
      parts: [{ name: 'edge-gateway', cpuMean: 1, cpuMax: 1, rssBytesMax: 1, demandMs }],
    });
    const with_ = (runs: RunRecord[], demandMs: number) =>
      runs.map((run, index) => changed(run, { system: system(demandMs + index / 1000) }));
    const { comparison } = compare(with_(set('baseline'), 0.5), with_(set('candidate'), 0.7));
    const row = comparison.rows.find(({ scope }) => scope === 'edge-gateway');
    expect([row?.metric, row?.verdict, row?.decides]).toEqual(['CPU per request', 'worse', false]);
    expect(comparison.verdict).toBe('same');
  });

  it('leaves void and interrupted runs out, says so, and then concludes nothing from four', () => {
    const [first, second, ...others] = set('candidate', 1.15, 6);
    const reasons: string[] = [];
    const candidate = [
      changed(first, { verdict: { exitCode: 120, outcome: 'invalid', reasons } }),
      changed(second, { verdict: { exitCode: 105, outcome: 'interrupted', reasons } }),
      ...others,
    ];
    const { comparison, sets } = compare(set('baseline'), candidate);
    expect(sets.notes.slice(0, 2)).toEqual([
      'candidate-0 is left out: its generator was the bottleneck, its figures are void.',
      'candidate-1 is left out: it was interrupted.',
    ]);
    expect(comparison).toMatchObject({
      verdict: 'inconclusive',
      reasons: [expect.stringContaining('5 baseline and 4 candidate runs that count')],
    });
  });

  it('leaves out a run that ended long before its time', () => {
    const candidate = set('candidate', 1, 6).map((run, index) =>
      index === 3 ? changed(run, { durationMs: 400 }) : run,
    );
    expect(compare(set('baseline'), candidate).sets.notes).toEqual([
      'candidate-3 is left out: it ended before its time.',
    ]);
  });

  it('refuses sets that did not put the same load on the system, whatever their thresholds', () => {
    const baseline = set('baseline');
    const profile = { ...(baseline[0]?.profile as RunRecord['profile']) };
    const other = (changes: Partial<RunRecord['profile']>) =>
      set('candidate').map((run) => changed(run, { profile: { ...profile, ...changes } }));
    expect(() => compare(baseline, other({ stages: [{ level: 6, rampMs: 0, holdMs: 1000 }] }))).toThrow(
      'baseline-0 and candidate-0 did not do the same: stages of the profile differs',
    );
    expect(() => compare(baseline, other({ name: 'peak' }))).toThrow('name of the profile differs');
    expect(compare(baseline, other({ thresholds: {} })).comparison.verdict).toBe('same');
  });

  it('refuses a run that is in both sets, and parts of runs', () => {
    const runs = set('baseline');
    const [first] = runs;
    expect(() => compare(runs, runs)).toThrow('both sets have the run baseline-0, baseline-1');
    expect(() => compare(runs, [changed(first, { id: 'x', shard: { index: 0, of: 3 } })])).toThrow(
      'x: only part of a run; merge the parts first',
    );
  });

  it('warns of what could be mistaken for a change of the system', () => {
    const later = set('candidate').map((run, index) =>
      changed(run, {
        startedAt: new Date(3_600_000 + index).toISOString(),
        machine: { ...run.machine, cores: 8 },
        generator: { ...run.generator, workers: 2 },
      }),
    );
    expect(compare(set('baseline'), later).sets.notes).toEqual([
      expect.stringMatching(/^The runs were made on different machines \(test, 2 cores, .*8 cores/),
      'The runs were generated by different numbers of workers.',
      expect.stringMatching(/^All runs of one set were made before all of the other/),
    ]);
  });
});
