// Chance that is the same on every machine: a generator of its own for each student and purpose.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

const GOLDEN_RATIO = 0x9e3779b9;

/** MurmurHash3's finaliser: neighbouring numbers in, unrelated numbers out, no two the same. */
function mix(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** What chance decides for one student: `purpose` keeps, say, the name untouched when grading rules change. */
export class Random {
  private readonly generator;

  constructor(seed: number, n: number, purpose: number) {
    // Seeds that differ by one make xoroshiro start with outputs that differ by one, hence the mixing.
    const start = mix(mix(seed) ^ n);
    const words = [1, 2, 3, 4].map((i) => mix(start + Math.imul(purpose * 4 + i, GOLDEN_RATIO)));
    this.generator = xoroshiro128plusFromState(words);
  }

  /** From 0 (included) to 1 (excluded). Multiplied and compared only: other functions may round differently elsewhere. */
  fraction(): number {
    return uniformFloat64(this.generator);
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return uniformInt(this.generator, low, high);
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.between(0, from.length - 1)] as T;
  }

  /** One of `from`, each with a chance in proportion to its weight. */
  pickWeighted<T>(from: readonly T[], weightOf: (item: T) => number): T {
    let total = 0;
    for (const item of from) total += weightOf(item);
    let left = this.fraction() * total;
    for (const item of from) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return from.at(-1) as T;
  }

  /** The same items in an order of chance (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      [order[last], order[other]] = [order[other] as T, order[last] as T];
    }
    return order;
  }
}
