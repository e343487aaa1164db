// Which part of a load one worker plays: every so many-th user and arrival, so that ramps are as smooth with many workers as with one.

/** Numbered over all processes that play one load together. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
}

/** This worker's part of a number of things that are dealt out one by one. */
export const shareOf = (total: number, { worker, workers }: Share): number =>
  Math.max(0, Math.ceil((total - worker) / workers));
