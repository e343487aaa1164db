// A shuffled order of any number of things that needs no list of them: it is computed, place by place, from a seed.

import { streamSeed } from '../users/random.js';

const rounds = 4;

/**
 * A Feistel network is a bijection whatever its round function (Luby and Rackoff, 1988); results beyond `count` are put in
 * again until one is below it ("cycle walking", Black and Rogaway, 2002), at most four times on average.
 */
export class Permutation {
  private readonly halfBits: number;
  private readonly halfMask: number;

  constructor(
    readonly count: number,
    private readonly seed: number,
  ) {
    const bits = Math.max(2, Math.ceil(Math.log2(count)));
    this.halfBits = Math.ceil(bits / 2);
    this.halfMask = 2 ** this.halfBits - 1;
  }

  /** What stands at the place: each of 0..count-1 stands at one. */
  at(place: number): number {
    let value = place;
    do value = this.encrypt(value);
    while (value >= this.count);
    return value;
  }

  private encrypt(value: number): number {
    let left = value >>> this.halfBits;
    let right = value & this.halfMask;
    for (let round = 0; round < rounds; round++) {
      [left, right] = [right, left ^ (streamSeed(this.seed, right, round) & this.halfMask)];
    }
    return ((left << this.halfBits) | right) >>> 0;
  }
}
