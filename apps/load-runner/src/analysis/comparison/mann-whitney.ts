// The Mann-Whitney U test: do the values of one set tend to lie above those of the other?

import { normalCdf } from './distributions.js';

export interface MannWhitney {
  /** Pairs in which the first set's value is the larger; a tie counts a half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
}

/** Beyond so many values the normal approximation is good to the third decimal, and counting is slow. */
const exactUpTo = 40;

/**
 * Mann & Whitney, "On a test of whether one of two random variables is stochastically larger than the other", Annals of
 * Mathematical Statistics 18 (1947). Up to 40 values p is exact: the rank sum of every way to divide these values into the
 * two sets is counted, ties and their midranks included. Beyond that it comes from the normal approximation with continuity
 * and tie correction (Lehmann, Nonparametrics, 1975, 1.(A.60)).
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  const all = [...first, ...second];
  const ranks = midranks(all);
  const rankSum = ranks.slice(0, first.length).reduce((sum, rank) => sum + rank, 0);
  const u = rankSum - (first.length * (first.length + 1)) / 2;
  if (first.length === 0 || second.length === 0) return { u, p: 1, exact: true };
  return all.length <= exactUpTo
    ? { u, p: exactP(ranks, first.length, rankSum), exact: true }
    : { u, p: approximateP(ranks, first.length, u), exact: false };
}

/** Equal values share the mean of the ranks that they take up. */
function midranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = values.map(() => 0);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && order[to]?.value === order[from]?.value) to++;
    for (const { index } of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
  }
  return ranks;
}

function exactP(ranks: readonly number[], size: number, rankSum: number): number {
  // Midranks are halves: doubled they are whole numbers, which can index a table.
  const doubled = ranks.map((rank) => Math.round(rank * 2));
  const ways = subsetsBySum(doubled, size);
  const observed = Math.round(rankSum * 2);
  const total = ways.reduce((sum, count) => sum + count, 0);
  const below = ways.slice(0, observed + 1).reduce((sum, count) => sum + count, 0);
  const above = ways.slice(observed).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * Math.min(below, above)) / total);
}

/** How many ways there are to choose `size` of the numbers with each sum. */
function subsetsBySum(numbers: readonly number[], size: number): number[] {
  const highest = numbers.reduce((sum, value) => sum + value, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(highest + 1));
  const at = (chosen: number): Float64Array => ways[chosen] ?? new Float64Array();
  at(0)[0] = 1;
  for (const value of numbers) {
    for (let chosen = size; chosen >= 1; chosen--) {
      for (let sum = highest; sum >= value; sum--) {
        at(chosen)[sum] = (at(chosen)[sum] ?? 0) + (at(chosen - 1)[sum - value] ?? 0);
      }
    }
  }
  return [...at(size)];
}

function approximateP(ranks: readonly number[], size: number, u: number): number {
  const total = ranks.length;
  const other = total - size;
  const ties = new Map<number, number>();
  for (const rank of ranks) ties.set(rank, (ties.get(rank) ?? 0) + 1);
  const tied = [...ties.values()].reduce((sum, count) => sum + count ** 3 - count, 0);
  const variance = ((size * other) / 12) * (total + 1 - tied / (total * (total - 1)));
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(u - (size * other) / 2) - 0.5);
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
}
