import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.js';

const options = { share: 0.1, perSecond: 1, most: 20 };

/** How many of `requests` that all fail, made within `durationMs`, are repeated. */
function retriesOf(requests: number, durationMs: number): number {
  const budget = new RetryBudget(options, 0);
  let retries = 0;
  for (let request = 1; request <= requests; request++) {
    budget.pay();
    if (budget.take((request / requests) * durationMs)) retries++;
  }
  return retries;
}

describe('a retry budget', () => {
  it.each([
    [1000, 1000],
    [1000, 10_000],
    [50_000, 1000],
  ])('lets %d failing requests in %d ms cause what was saved, a tenth, and one a second', (requests, ms) => {
    const allowed = options.most + options.share * requests + ms / 1000;
    expect(retriesOf(requests, ms)).toBeLessThanOrEqual(Math.ceil(allowed));
    expect(retriesOf(requests, ms)).toBeGreaterThan(allowed * 0.9);
  });

  it('repeats everything for who calls once in a while', () => {
    expect(retriesOf(100, 100_000)).toBe(100);
  });

  it('does not save more than it may', () => {
    const budget = new RetryBudget(options, 0);
    for (let request = 0; request < 1000; request++) budget.pay();
    let taken = 0;
    while (budget.take(3_600_000)) taken++;
    expect([taken, budget.balance]).toEqual([20, 0]);
  });
});
