// Which of many are examined: drawn by the run's seed, so that the same run examines the same.

import { Random } from '../users/random.js';

export function sample<T>(all: readonly T[], count: number, seed: number): T[] {
  if (all.length <= count) return [...all];
  const random = new Random(seed);
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)).flat();
}
