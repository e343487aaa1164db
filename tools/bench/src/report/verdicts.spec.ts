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

const outcomeOf = (bounds: Partial<Target>) => verdictsOf(comparison([target(bounds)]))[0]?.outcome;

describe('verdictsOf', () => {
  it.each([
    [{ over: 'bare', atLeast: 0.9 }, 'met'],
    [{ over: 'bare', atLeast: 0.91 }, 'missed'],
    [{ over: 'bare', atMost: 0.9 }, 'met'],
    [{ atMost: 89 }, 'missed'],
    [{ atLeast: 90 }, 'met'],
  ])('holds the median to %j: %s', (bounds, outcome) => {
    expect(outcomeOf(bounds)).toBe(outcome);
  });

  it('does not take a target for met of which nothing was measured', () => {
    expect(outcomeOf({ metric: 'absent', atMost: 1 })).toBe('missed');
  });

  it.each([
    [50, 'met'],
    [51, 'void'],
  ])('says nothing of a target that presupposes %d of what was 50 at the least', (atLeast, outcome) => {
    const given = { metric: 'perSecond', atLeast };
    const slow = { slow: { perSecond: 50 }, bare: { perSecond: 100 } };
    const { rounds, ...rest } = comparison([
      target({ contestant: 'slow', over: 'bare', atLeast: 0.5, given }),
    ]);
    const slowRounds = rounds.map(({ order }) => ({ order, samples: slow }));
    expect(verdictsOf({ ...rest, rounds: slowRounds })[0]?.outcome).toBe(outcome);
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
