// A request's time-out: set and lifted thousands of times a second, so one lazy timer serves them all.

import { performance } from 'node:perf_hooks';

/** Made for one length of delay at a time: a timer that is armed already is not brought forward. */
export class Deadline {
  private atMs = Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly passed: () => void) {}

  set(nowMs: number, delayMs: number): void {
    this.atMs = nowMs + delayMs;
    this.timer ??= setTimeout(this.look, delayMs);
  }

  /** The timer stays: it will find nothing to do, which is cheaper than clearing it each time. */
  lift(): void {
    this.atMs = Infinity;
  }

  stop(): void {
    this.lift();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private readonly look = (): void => {
    this.timer = undefined;
    const leftMs = this.atMs - performance.now();
    if (leftMs === Infinity) return;
    if (leftMs > 0) {
      this.timer = setTimeout(this.look, Math.ceil(leftMs));
      return;
    }
    this.lift();
    this.passed();
  };
}
