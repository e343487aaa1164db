// When requests arrive in the open model: the k-th arrival's time in closed form, so that nothing adds up to a drift.

import type { Phase, Schedule } from '../profiles/schedule.js';
import { Random, streamSeed } from '../users/random.js';
import type { Share } from './share.js';

/** A stretch in which the rate changes evenly, or not at all. */
interface Stretch {
  readonly fromMs: number;
  /** Arrivals per millisecond at its beginning, and their change per millisecond. */
  readonly rate: number;
  readonly slope: number;
  /** Arrivals expected before it, and up to its end. */
  readonly before: number;
  readonly after: number;
}

/**
 * Λ(t), the number of arrivals expected by the time t, and its inverse. In a stretch that begins with rate r and changes
 * by a per unit of time, Λ grows by n = r·t + a·t²/2 within t; solved for t, and written so that nothing cancels out:
 * t = 2n / (r + √(r² + 2an)), which for a = 0 is n/r.
 */
export class ExpectedArrivals {
  private readonly stretches: readonly Stretch[];
  /** Expected in the whole run. */
  readonly total: number;

  constructor({ phases }: Schedule) {
    let before = 0;
    this.stretches = phases.flatMap(stretchesOf).map(({ fromMs, toMs, from, to }) => {
      const stretch = {
        ...{ fromMs, rate: from / 1000, slope: (to - from) / 1000 / (toMs - fromMs), before },
        after: before + ((from + to) / 2000) * (toMs - fromMs),
      };
      before = stretch.after;
      return stretch;
    });
    this.total = before;
  }

  /** Milliseconds after the start at which `arrivals` are expected to have come; Infinity when they never do. */
  timeMs(arrivals: number): number {
    for (const { fromMs, rate, slope, before, after } of this.stretches) {
      if (arrivals >= after) continue;
      const more = arrivals - before;
      if (more <= 0) return fromMs;
      return fromMs + (2 * more) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * more)));
    }
    return Infinity;
  }
}

function stretchesOf({ fromLevel, level, fromMs, steadyFromMs, toMs }: Phase) {
  return [
    { fromMs, toMs: steadyFromMs, from: fromLevel, to: level },
    { fromMs: steadyFromMs, toMs, from: level, to: level },
  ].filter((stretch) => stretch.toMs > stretch.fromMs);
}

/** No user has this number: the arrivals' chance is a stream of its own. */
const arrivalsStream = -2;

/**
 * One worker's arrivals. The k-th of all comes when k are expected (constant), or when the sum of k + 1 exponential gaps
 * of mean 1 is (a Poisson process whose rate follows the schedule: Lewis & Shedler 1979, by inversion of Λ). Worker i of
 * W takes every W-th, so that together they have exactly those of one worker.
 */
export class Arrivals {
  private expected: ExpectedArrivals;
  private readonly random: Random | undefined;
  /** Of its next arrival, on the axis of expected arrivals. */
  private position = 0;
  /** Milliseconds after the start at which its next arrival comes; Infinity when there is none. */
  nextMs: number;

  constructor(
    schedule: Schedule,
    process: { readonly arrivals: 'constant' | 'poisson'; readonly seed: number },
    private readonly share: Share,
  ) {
    this.expected = new ExpectedArrivals(schedule);
    if (process.arrivals === 'poisson') this.random = new Random(streamSeed(process.seed, arrivalsStream, 0));
    if (this.random) this.step(share.worker + 1);
    else this.position = share.worker;
    this.nextMs = this.expected.timeMs(this.position);
  }

  /** Goes on to the next arrival. */
  advance(): void {
    this.step(this.share.workers);
    this.nextMs = this.expected.timeMs(this.position);
  }

  /** The schedule has changed from now on: what has arrived stays, and what comes next comes by the new rate. */
  replan(schedule: Schedule): void {
    this.expected = new ExpectedArrivals(schedule);
    this.nextMs = this.expected.timeMs(this.position);
  }

  /** Gap by gap, also those of other workers: so the sums are the same ones to the last digit, however many share them. */
  private step(arrivals: number): void {
    if (!this.random) this.position += arrivals;
    else for (let gap = 0; gap < arrivals; gap++) this.position -= Math.log(1 - this.random.uniform());
  }
}
