// The open model: requests start when they arrive, whether or not earlier ones were answered; nobody waits for a slow system to ask.

import { performance } from 'node:perf_hooks';
import type { Schedule } from '../profiles/schedule.js';
import type { ActorSource } from './actor.js';
import type { Arrivals } from './arrivals.js';
import type { Driver } from './driver.js';
import { Fifo } from './fifo.js';
import type { ConnectionPool, Line, LineHolder } from './pool.js';
import type { Recorder } from './recorder.js';

/**
 * Timers of Node.js are good to a millisecond and rather late than early. So whatever is due within the next one is
 * released now: a request starts up to a millisecond early, and hardly ever late (0.02 ms on average, measured), which
 * would be added to every response time. Busy waiting would be exact, and cost a core that the system under test needs.
 */
const tickMs = 1;
/** A start so long after its arrival, although a connection was free, is the generator's fault. */
const lateStartMs = 10;
/** Sleeps no longer than this at a time: timers have an upper bound. */
const longestSleepMs = 60_000;

export interface OpenLoad {
  readonly arrivals: Arrivals;
  readonly actors: ActorSource;
  readonly pool: ConnectionPool;
  /** Arrivals that may wait for a connection. */
  readonly maxQueue: number;
  /** When the run starts, by this thread's clock. */
  readonly startAtMs: number;
}

export class OpenDriver implements Driver, LineHolder {
  /** When those arrived that wait for a connection. */
  private readonly queue = new Fifo<number>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** Arrived and not yet answered: queued or under way. Its integral over time is held against the response times (Little's law). */
  private present = 0;
  private presentSinceMs = 0;

  constructor(
    private readonly load: OpenLoad,
    private readonly recorder: Recorder,
  ) {}

  get users(): number {
    return this.stopped ? 0 : this.load.pool.size;
  }

  get inFlight(): number {
    return this.load.pool.inUse;
  }

  get queued(): number {
    return this.queue.size;
  }

  get empty(): boolean {
    return this.load.pool.inUse === 0;
  }

  /** Arrivals have a finer clock of their own; this starts it, and keeps the account of the second. */
  advance(): void {
    if (!this.stopped && this.timer === undefined) this.release();
    this.account(performance.now());
  }

  replan(schedule: Schedule): void {
    this.load.arrivals.replan(schedule);
    this.release();
  }

  stop(): void {
    if (this.stopped) return;
    // Those whose time had come are offered, even if the timer has not.
    this.release();
    clearTimeout(this.timer);
    this.stopped = true;
    this.account(performance.now());
    this.present -= this.queue.size;
    this.recorder.count('dropped', this.queue.size);
    while (this.queue.size > 0) this.queue.shift();
  }

  abandon(): void {
    const now = performance.now();
    for (const { exchange } of this.load.pool.busyLines()) {
      exchange.end('censored', now);
      this.recorder.settled(exchange);
    }
    this.load.pool.closeAll();
  }

  settled(line: Line): void {
    const { exchange, actor } = line;
    this.recorder.settled(exchange);
    this.account(exchange.endedAt);
    this.present--;
    if (actor) {
      actor.settled(exchange);
      this.load.actors.giveBack(actor);
      line.actor = undefined;
    }
    exchange.release();
    const arrivedAt = this.queue.shift();
    if (arrivedAt === undefined) this.load.pool.giveBack(line);
    else this.begin(line, arrivedAt);
  }

  /** Everything that is due arrives; then the timer is set for the next. */
  private readonly release = (): void => {
    if (this.stopped) return;
    const { arrivals, startAtMs } = this.load;
    const now = performance.now();
    this.account(now);
    while (startAtMs + arrivals.nextMs <= now + tickMs) {
      this.arrive(startAtMs + arrivals.nextMs, now);
      arrivals.advance();
    }
    clearTimeout(this.timer);
    const sleepMs = Math.min(Math.floor(startAtMs + arrivals.nextMs - now), longestSleepMs);
    this.timer = setTimeout(this.release, sleepMs);
  };

  private arrive(dueAt: number, now: number): void {
    this.recorder.count('offered');
    const line = this.load.pool.take(this);
    if (!line && this.queue.size >= this.load.maxQueue) {
      this.recorder.count('dropped');
      return;
    }
    if (line && now - dueAt > lateStartMs) this.recorder.count('lateStarts');
    this.present++;
    const wantedAt = line ? this.begin(line, dueAt) : Math.min(dueAt, now);
    this.recorder.count('userMs', now - wantedAt);
    if (!line) this.queue.push(wantedAt);
  }

  /** Tells from when on the response time counts. */
  private begin(line: Line, dueAt: number): number {
    this.recorder.count('started');
    const actor = this.load.actors.next();
    line.actor = actor;
    line.ask(actor.step(), dueAt);
    return line.exchange.wantedAt;
  }

  private account(now: number): void {
    if (now <= this.presentSinceMs) return;
    this.recorder.count('userMs', this.present * (now - this.presentSinceMs));
    this.presentSinceMs = now;
  }
}
