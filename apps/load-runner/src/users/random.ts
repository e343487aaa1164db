// Chance that can be repeated: the same seed and the same user draw the same numbers.

import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform numbers from 0 (included) to 1 (excluded), and what journeys draw from them. */
export class Random {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A field, not a method: it is handed on as the source of uniform numbers. */
  readonly uniform = (): number => (this.generator.next() >>> 0) / 4_294_967_296;

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('cannot pick from an empty list');
    return item;
  }
}

/** Spreads neighbouring ids far apart (the finaliser of MurmurHash3), so that users do not walk in step. */
export function streamSeed(seed: number, user: number, stream: number): number {
  let hash =
    Math.imul(seed ^ Math.imul(user + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
