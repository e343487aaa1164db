// Asks every collector once a second, on the clock of the run, and keeps what they say and where they said nothing.

import type { SystemSecond } from '../analysis/findings.js';
import type { Collector, Values } from './collector.js';
import { Columns } from './columns.js';

interface Gap {
  seconds: number;
  reason: string;
}

export class Sampler {
  private readonly columns = new Columns();
  private readonly gaps = new Map<Collector, Gap>();
  private readonly busy = new Map<Collector, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private startAtMs = 0;
  private readings = 0;

  constructor(private readonly collectors: readonly Collector[]) {}

  /** Reads at the start of the run, and at the end of each of its seconds: what is read then is that second's. */
  start(startAtEpochMs: number): void {
    this.startAtMs = startAtEpochMs;
    this.schedule(this.nextBoundary());
  }

  /** Ends with the readings that are under way. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await Promise.all(this.busy.values());
  }

  /** In order, without seconds of which nothing is known. */
  series(): SystemSecond[] {
    return this.columns.rows();
  }

  /** A sentence for each collector that could not always answer. */
  missing(): string[] {
    return [...this.gaps].map(
      ([{ name }, { seconds, reason }]) =>
        `${name}: nothing in ${seconds} of ${this.readings} readings, at last because: ${reason}.`,
    );
  }

  private schedule(boundary: number): void {
    this.timer = setTimeout(
      () => {
        this.readAll(boundary - 1);
        // After a stall of this thread there are boundaries that nobody can read any more.
        this.schedule(Math.max(boundary + 1, this.nextBoundary()));
      },
      this.startAtMs + boundary * 1000 - Date.now(),
    );
  }

  private nextBoundary(): number {
    return Math.max(0, Math.ceil((Date.now() - this.startAtMs) / 1000));
  }

  private readAll(second: number): void {
    this.readings++;
    for (const collector of this.collectors) {
      if (this.busy.has(collector)) {
        this.miss(collector, 'the reading before took longer than a second');
        continue;
      }
      const reading = this.readOne(collector, second).finally(() => this.busy.delete(collector));
      this.busy.set(collector, reading);
    }
  }

  private async readOne(collector: Collector, second: number): Promise<void> {
    try {
      this.keep(second, await collector.read());
    } catch (error) {
      this.miss(collector, error instanceof Error ? error.message : String(error));
    }
  }

  private keep(second: number, values: Values): void {
    // The reading at the start only gives totals something to grow from.
    if (second < 0) return;
    for (const [name, value] of Object.entries(values))
      this.columns.set(second, name, Number(value.toPrecision(6)));
  }

  private miss(collector: Collector, reason: string): void {
    const gap = this.gaps.get(collector);
    if (gap) {
      gap.seconds++;
      gap.reason = reason;
    } else this.gaps.set(collector, { seconds: 1, reason });
  }
}
