import { describe, expect, it } from '@jest/globals';
import type { Comparison, Target } from './report.js';
import { renderReport } from './table.js';
import { verdictsOf } from './verdicts.js';

const samples = [
  { ours: { perSecond: 90 }, bare: { perSecond: 100 } },
  { ours: { perSecond: 40 }, bare: { perSecond: 50 } },
  { ours: { perSecond: 95 }, bare: { perSecond: 100 } },
];

const comparison = (targets: readonly Target[]): Comparison => ({
  title: 'Ours',
  reference: 'bare',
  contestants: ['ours', 'bare'],
  metrics: [{ key: 'perSecond', label: 'requests/s', digits: 0, compared: true }],
  rounds: samples.map((sample) => ({ order: ['ours', 'bare'], samples: sample })),
  targets,
});

const target = (bounds: Partial<Target>): Target => ({
  id: 'P0',
  contestant: 'ours',
  metric: 'perSecond',
  ...bounds,
});

describe('verdictsOf', () => {
  it.each([
    [{ over: 'bare', atLeast: 0.9 }, true],
    [{ over: 'bare', atLeast: 0.91 }, false],
    [{ over: 'bare', atMost: 0.9 }, true],
    [{ atMost: 89 }, false],
    [{ atLeast: 90 }, true],
  ])('holds the median to %j: %s', (bounds, met) => {
    expect(verdictsOf(comparison([target(bounds)]))[0]?.met).toBe(met);
  });

  it('does not take a target for met of which nothing was measured', () => {
    expect(verdictsOf(comparison([target({ metric: 'absent', atMost: 1 })]))[0]?.met).toBe(false);
  });
});

describe('renderReport', () => {
  it('prints the ratio with its spread, and whether the target is met', () => {
    const report = {
      comparisons: [comparison([target({ over: 'bare', atLeast: 0.95 })])],
      notes: ['mind this'],
    };
    const text = renderReport(report);
    expect(text).toMatch(/ours +0\.90 \(0\.80-0\.95\) +90/);
    expect(text).toMatch(/P0: requests\/s, ours \/ bare +0\.90 \(0\.80-0\.95\) +at least 0\.95 +MISSED/);
    expect(text).toContain('Note: mind this');
  });
});
