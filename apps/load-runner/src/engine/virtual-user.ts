// A virtual user of the closed model: it thinks, asks, waits for the answer, and thinks again.

import { performance } from 'node:perf_hooks';
import { sampleThinkMs, type ThinkTime } from '../profiles/think-time.js';
import type { Random } from '../users/random.js';
import type { Step } from '../users/step.js';
import type { Actor } from './actor.js';
import type { ConnectionPool, Line, LineHolder } from './pool.js';
import type { Recorder } from './recorder.js';

/** After a stall of the generator users do not make up for all of it at once. */
const mostLateMs = 20;

export interface Thinking {
  readonly time: ThinkTime;
  /** Numbers for think times only, so that answers which change a journey leave the pauses as they were. */
  readonly random: Random;
}

export interface Surroundings {
  readonly pool: ConnectionPool;
  readonly recorder: Recorder;
  /** It has left and closed its connection. */
  readonly gone: (user: VirtualUser) => void;
}

export class VirtualUser implements LineHolder {
  private readonly line: Line;
  private thinkTimer: NodeJS.Timeout | undefined;
  private retiring = false;
  /** How much later than it should the last pause ended; negative when it was cut short. */
  private lateMs = 0;

  constructor(
    private readonly actor: Actor,
    private readonly thinking: Thinking,
    private readonly surroundings: Surroundings,
  ) {
    this.line = surroundings.pool.open(this);
  }

  get busy(): boolean {
    return this.line.busy;
  }

  start(): void {
    this.think(this.actor.step());
  }

  /** Leaves as soon as the answer under way is there; at once when there is none. */
  retire(): void {
    this.retiring = true;
    if (!this.busy) this.leave();
  }

  /** Leaves now; an answer under way is counted as censored. */
  abandon(): void {
    if (this.busy) {
      this.line.exchange.end('censored', performance.now());
      this.surroundings.recorder.settled(this.line.exchange);
    }
    this.leave();
  }

  settled({ exchange }: Line): void {
    this.surroundings.recorder.settled(exchange);
    if (this.retiring) {
      this.leave();
      return;
    }
    this.actor.settled(exchange);
    exchange.release();
    this.think(this.actor.step());
  }

  private leave(): void {
    clearTimeout(this.thinkTimer);
    this.surroundings.pool.close(this.line);
    this.surroundings.gone(this);
  }

  /**
   * Timers know whole milliseconds only, and fire a fraction of one early or, on a busy machine, late: what a pause was
   * too long or too short is made up for by the next, or users who think for 60 ms would offer a percent more load than
   * they should, or some percent less.
   */
  private think(step: Step): void {
    const now = performance.now();
    if (!step.think) {
      this.ask(step, now);
      return;
    }
    const { time, random } = this.thinking;
    const thinkMs = sampleThinkMs(time, random.uniform);
    this.surroundings.recorder.count('thinkMs', thinkMs);
    const dueAt = now + thinkMs - this.lateMs;
    const wake = (at: number): void => {
      this.lateMs = Math.min(at - dueAt, mostLateMs);
      this.ask(step, at);
    };
    if (thinkMs <= 0) wake(now);
    else this.thinkTimer = setTimeout(() => wake(performance.now()), Math.max(0, dueAt - now));
  }

  private ask(step: Step, wantedAt: number): void {
    const { recorder } = this.surroundings;
    recorder.count('offered');
    recorder.count('started');
    this.line.ask(step, wantedAt);
  }
}
