// What is said where a profile's baseline is not looked at, so that nobody takes a passed run for one that was compared.

import type { Profile } from '../profiles/schema.js';

/** A live page makes one run at a time, and so do the parts of a striped run together: one run tells nothing. */
export const unjudgedBaseline = ({ baseline }: Pick<Profile, 'baseline'>): string | undefined =>
  baseline &&
  'The profile’s baseline is not looked at here: one run is not enough to tell. Use `run` with --repeat, or `compare` on several runs.';
