// What a comparison concludes from runs whose truth is known.

import { describe, expect, it } from '@jest/globals';
import { normals } from '../../testing/normals.js';
import { compareMeasures, type CompareOptions } from './compare.js';
import type { Measure } from './row.js';

const options: CompareOptions = { alpha: 0.05, minEffect: 0.05, resamples: 2000, seed: 1, minRuns: 5 };
const quick = { ...options, resamples: 400 };

const measure = (
  baseline: readonly number[],
  candidate: readonly number[],
  changes: Partial<Measure> = {},
) => ({
  ...{
    scope: 'Aggregated',
    metric: 'response p95',
    unit: 'ms' as const,
    higherIsBetter: false,
    decides: true,
  },
  ...{ baseline, candidate, ...changes },
});

const verdict = (measures: readonly Measure[], changes: Partial<CompareOptions> = {}) =>
  compareMeasures(measures, { ...options, ...changes }).verdict;

/** Runs as a machine makes them: each has a pace of its own that all its figures share, and noise on each figure. */
function runs(random: () => number, count: number, slowdown = 1) {
  return Array.from({ length: count }, () => {
    const pace = slowdown * Math.exp(0.02 * random());
    const noisy = (value: number, noise: number) => value * Math.exp(noise * random());
    return {
      ...{ p50: noisy(8 * pace, 0.01), p95: noisy(22 * pace, 0.02), p99: noisy(40 * pace, 0.04) },
      throughput: noisy(1000 / pace, 0.01),
      failures: Math.max(0, 0.0001 * random()),
    };
  });
}

function measures(random: () => number, count: number, slowdown = 1): Measure[] {
  const baseline = runs(random, count);
  const candidate = runs(random, count, slowdown);
  const of = (key: keyof (typeof baseline)[number], changes: Partial<Measure>) =>
    measure(
      baseline.map((run) => run[key]),
      candidate.map((run) => run[key]),
      { metric: key, ...changes },
    );
  return [
    ...(['p50', 'p95', 'p99'] as const).map((key) => of(key, {})),
    of('throughput', { unit: 'per second', higherIsBetter: true }),
    of('failures', { unit: 'share' }),
  ];
}

describe('compareMeasures', () => {
  it('finds a slowdown of 15 % with five runs a side and the noise of a real machine', () => {
    const random = normals(11);
    const found = Array.from({ length: 40 }, () =>
      compareMeasures(measures(random, 5, 1.15), quick).verdict === 'worse' ? 1 : 0,
    ).reduce<number>((sum, one) => sum + one, 0);
    expect(found).toBeGreaterThanOrEqual(39);
  });

  it('calls the same thing a speed-up when the sets change places', () => {
    const slower = measures(normals(12), 6, 1.15);
    const swapped = slower.map(({ baseline, candidate, ...rest }) => ({
      ...rest,
      ...{ baseline: candidate, candidate: baseline },
    }));
    expect([verdict(slower), verdict(swapped)]).toEqual(['worse', 'better']);
  });

  it('raises fewer false alarms than alpha, however many figures decide', () => {
    const random = normals(13);
    const trials = 300;
    let alarms = 0;
    for (let trial = 0; trial < trials; trial++) {
      // Every difference matters here: only chance stands between the sets and an alarm.
      const { verdict: found } = compareMeasures(measures(random, 5), { ...quick, minEffect: 1e-9 });
      if (found === 'worse' || found === 'better') alarms++;
    }
    expect(alarms / trials).toBeLessThanOrEqual(0.05);
  });

  it('raises false alarms on a single figure as often as the U test allows, and not much less', () => {
    const random = normals(14);
    const trials = 600;
    let alarms = 0;
    for (let trial = 0; trial < trials; trial++) {
      const draw = () => Array.from({ length: 8 }, () => 50 * Math.exp(0.05 * random()));
      const { rows } = compareMeasures([measure(draw(), draw())], { ...quick, minEffect: 1e-9 });
      if (rows[0]?.verdict === 'worse' || rows[0]?.verdict === 'better') alarms++;
    }
    expect(alarms / trials).toBeGreaterThan(0.02);
    expect(alarms / trials).toBeLessThanOrEqual(0.065);
  });

  it('calls two calm sets of the same system the same', () => {
    const random = normals(15);
    const calm = (mean: number) => Array.from({ length: 5 }, () => mean * (1 + 0.01 * random()));
    const { verdict: found, reasons } = compareMeasures(
      [measure(calm(20), calm(20)), measure([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], { unit: 'share' })],
      options,
    );
    expect(found).toBe('same');
    expect(reasons).toEqual([
      'Each deciding figure is the same within 5 % (failures within 0.1 % of requests).',
    ]);
  });

  it('does not let one wild run decide', () => {
    const baseline = [20, 20.2, 19.9, 20.1, 20];
    const candidate = [20.1, 19.9, 20, 300, 20.2];
    expect(verdict([measure(baseline, candidate)])).toBe('inconclusive');
    expect(verdict([measure(candidate, baseline)])).toBe('inconclusive');
  });

  it('does not call a real but tiny difference worse', () => {
    const baseline = [20, 20.01, 20.02, 20.03, 20.04];
    const candidate = baseline.map((value) => value * 1.01);
    expect(verdict([measure(baseline, candidate)])).toBe('same');
    expect(verdict([measure(baseline, candidate)], { minEffect: 0.005 })).toBe('worse');
  });

  it('concludes nothing from too few runs, and cannot from three whatever is asked', () => {
    const baseline = [20, 20.1, 20.2, 20.3];
    const candidate = baseline.map((value) => value * 1.5);
    const four = compareMeasures([measure(baseline, candidate)], options);
    expect([four.verdict, four.reasons]).toEqual([
      'inconclusive',
      ['At least 5 runs of each set are needed; there are 4 baseline and 4 candidate runs that count.'],
    ]);
    expect(verdict([measure(baseline, candidate)], { minRuns: 4 })).toBe('worse');
    const three = measure(baseline.slice(1), candidate.slice(1));
    const { verdict: found, reasons } = compareMeasures([three], { ...options, minRuns: 3 });
    expect(found).toBe('inconclusive');
    expect(reasons.at(-1)).toMatch(
      /^3 and 3 runs can show no difference in 1 figures at once with .* below 5 %/,
    );
  });

  it('finds failures where there were none, and less throughput', () => {
    const none = [0, 0, 0, 0, 0];
    const some = [0.02, 0.021, 0.019, 0.02, 0.022];
    const { verdict: found, reasons } = compareMeasures(
      [measure(none, some, { metric: 'failures', unit: 'share' })],
      options,
    );
    expect(found).toBe('worse');
    expect(reasons[0]).toMatch(
      /^Aggregated failures: \+2\.04 % of requests \(\+1\.\d\d % to \+2\.\d\d %\), p = 0\.0079\.$/,
    );
    const rates = [100, 101, 99, 100, 102];
    const lower = rates.map((rate) => rate * 0.8);
    expect(verdict([measure(rates, lower, { unit: 'per second', higherIsBetter: true })])).toBe('worse');
  });

  it('lets rows that do not decide inform only, the worst of them first', () => {
    const calm = [20, 20.1, 20.2, 20.1, 20];
    const slow = calm.map((value) => value * 2);
    const slower = calm.map((value) => value * 3);
    const inform = { decides: false };
    const { verdict: found, rows } = compareMeasures(
      [
        measure(calm, slow, { ...inform, scope: 'slow' }),
        measure(calm, slower, { ...inform, scope: 'slower' }),
        measure(calm, calm),
      ],
      options,
    );
    expect(found).toBe('same');
    expect(rows.map((row) => [row.scope, row.verdict])).toEqual([
      ['Aggregated', 'same'],
      ['slower', 'worse'],
      ['slow', 'worse'],
    ]);
  });
});
