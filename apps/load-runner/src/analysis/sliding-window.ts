// The last seconds of the run as one: each new second comes in, the oldest goes out, and histograms are never averaged.

import type { Delta } from '../engine/delta.js';
import type { Second } from '../engine/timeline.js';
import { Totals } from '../engine/totals.js';

export class SlidingWindow {
  readonly totals = new Totals();
  private readonly seconds: { readonly figures: Second; readonly deltas: readonly Delta[] }[] = [];

  constructor(private readonly length: number) {}

  get full(): boolean {
    return this.seconds.length === this.length;
  }

  get figures(): readonly Second[] {
    return this.seconds.map(({ figures }) => figures);
  }

  push(figures: Second, deltas: readonly Delta[]): void {
    this.seconds.push({ figures, deltas });
    for (const delta of deltas) this.totals.merge(delta);
    if (this.seconds.length <= this.length) return;
    for (const delta of this.seconds.shift()?.deltas ?? []) this.totals.remove(delta);
  }
}
