// Normally distributed noise that can be repeated.

import { Random } from '../users/random.js';

/** Draws from the standard normal distribution (Box & Muller, 1958). */
export function normals(seed: number): () => number {
  const random = new Random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}
