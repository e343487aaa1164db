// Time for tests that stands still while bytes are on their way: real sockets, exact times, however busy the machine is.

import { performance } from 'node:perf_hooks';

interface Timer {
  dueAt: number;
  readonly order: number;
  readonly fire: () => void;
  readonly everyMs: number | undefined;
}

type Globals = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout' | 'setInterval' | 'clearInterval'>;

/** Stands in for `performance.now`, `Date.now` and the timers between `install` and `uninstall`. */
export class VirtualClock {
  private nowMs = 1000;
  private readonly timers = new Set<Timer>();
  private created = 0;
  private set = 0;
  private readonly real = {
    performanceNow: performance.now.bind(performance),
    dateNow: Date.now,
    globals: { setTimeout, clearTimeout, setInterval, clearInterval } satisfies Globals,
  };

  /** How much later than asked for a timer fires, as on a machine that does other work, too: in turn each of these. */
  constructor(private readonly lateMs: readonly number[] = [0]) {}

  install(): this {
    performance.now = () => this.nowMs;
    Date.now = () => performance.timeOrigin + this.nowMs;
    const clear = (timer: unknown): void => void this.timers.delete(timer as Timer);
    Object.assign(globalThis, {
      // As Node.js does it: whole milliseconds, at least one.
      setTimeout: (fire: () => void, delayMs = 1) => this.at(this.nowMs + whole(delayMs) + this.late(), fire),
      setInterval: (fire: () => void, everyMs: number) =>
        this.at(this.nowMs + whole(everyMs), fire, whole(everyMs)),
      clearTimeout: clear,
      clearInterval: clear,
    });
    return this;
  }

  uninstall(): void {
    performance.now = this.real.performanceNow;
    Date.now = this.real.dateNow;
    Object.assign(globalThis, this.real.globals);
  }

  get now(): number {
    return this.nowMs;
  }

  /** Calls at exactly that time, fractions of a millisecond included. */
  at(dueAt: number, fire: () => void, everyMs?: number): Timer {
    const timer = { dueAt, order: this.created++, fire, everyMs };
    this.timers.add(timer);
    return timer;
  }

  /** Lets time pass until the promise is settled; it stands still until `quiet` says that nothing is on its way. */
  async run<T>(until: Promise<T>, quiet: () => boolean): Promise<T> {
    let settled = false;
    const watch = (): void => void (settled = true);
    until.then(watch, watch);
    for (;;) {
      do await new Promise((resolve) => setImmediate(resolve));
      while (!settled && !quiet());
      if (settled) return until;
      this.fireNext();
    }
  }

  private late(): number {
    return this.lateMs[this.set++ % this.lateMs.length] ?? 0;
  }

  private fireNext(): void {
    const [next] = [...this.timers].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    if (!next) throw new Error('nothing will ever happen: there is no timer');
    this.nowMs = Math.max(this.nowMs, next.dueAt);
    if (next.everyMs === undefined) this.timers.delete(next);
    // From when it fired, as Node.js does it: intervals drift.
    else next.dueAt = this.nowMs + next.everyMs + this.late();
    next.fire();
  }
}

const whole = (delayMs: number): number => Math.max(1, Math.trunc(delayMs));
