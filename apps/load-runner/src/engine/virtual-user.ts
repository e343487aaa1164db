// A virtual user of the closed model: it thinks, asks, waits for the answer, and thinks again.

import { performance } from 'node:perf_hooks';
import { sampleThinkMs, type ThinkTime } from '../profiles/think-time.js';
import type { Journey, Step } from '../users/step.js';
import type { Random } from '../users/random.js';
import { LrConnection, type Target } from './connection.js';
import { Exchange } from './exchange.js';
import type { Recorder } from './recorder.js';

const finished: IteratorResult<Step, void> = { done: true, value: undefined };

/** After a stall of the generator users do not make up for all of it at once. */
const mostLateMs = 20;

export interface UserScript {
  readonly target: Target;
  readonly timeoutMs: number;
  readonly thinkTime: ThinkTime;
  /** Numbers for think times only, so that answers which change a journey leave the pauses as they were. */
  readonly thinkRandom: Random;
  readonly nextJourney: () => Journey;
}

export class VirtualUser {
  private readonly connection: LrConnection;
  private readonly exchange = new Exchange();
  private journey: Journey | undefined;
  private journeyStartedAt = 0;
  private thinkTimer: NodeJS.Timeout | undefined;
  private retiring = false;
  private lateMs = 0;

  constructor(
    private readonly script: UserScript,
    private readonly recorder: Recorder,
    private readonly gone: (user: VirtualUser) => void,
  ) {
    this.connection = new LrConnection(script.target, script.timeoutMs, (exchange) => this.settled(exchange));
  }

  get busy(): boolean {
    return this.connection.busy;
  }

  start(): void {
    this.beginJourney();
  }

  /** Leaves as soon as the answer under way is there; at once when there is none. */
  retire(): void {
    this.retiring = true;
    if (!this.busy) this.leave();
  }

  /** Leaves now; an answer under way is counted as censored. */
  abandon(): void {
    if (this.busy) {
      this.exchange.end('censored', performance.now());
      this.recorder.settled(this.exchange);
    }
    this.leave();
  }

  private leave(): void {
    clearTimeout(this.thinkTimer);
    this.connection.close();
    this.gone(this);
  }

  private beginJourney(): void {
    this.journey = this.script.nextJourney();
    this.journeyStartedAt = performance.now();
    this.follow(this.journey.next());
  }

  private settled(exchange: Exchange): void {
    this.recorder.settled(exchange);
    if (this.retiring) {
      this.leave();
      return;
    }
    const next = this.resume(exchange);
    exchange.release();
    this.follow(next);
  }

  private resume(exchange: Exchange): IteratorResult<Step, void> {
    try {
      return this.journey?.next(exchange) ?? finished;
    } catch (error) {
      // The journey trips over an answer it cannot read: a finding about the system, counted like any failed check.
      this.recorder.check('answers can be read', false);
      this.recorder.error(exchange.step.endpoint.index, `unreadable answer: ${(error as Error).message}`);
      return finished;
    }
  }

  private follow(next: IteratorResult<Step, void>): void {
    if (!next.done) {
      this.think(next.value);
      return;
    }
    this.recorder.iterated(performance.now() - this.journeyStartedAt);
    this.beginJourney();
  }

  /**
   * A timer fires a little late, never early: each lateness is taken off the next pause, or a thousand users who think
   * for 60 ms would offer some percent less load than they should.
   */
  private think(step: Step): void {
    const now = performance.now();
    if (!step.think) {
      this.ask(step, now);
      return;
    }
    const thinkMs = sampleThinkMs(this.script.thinkTime, this.script.thinkRandom.uniform);
    this.recorder.count('thinkMs', thinkMs);
    const dueAt = now + thinkMs - this.lateMs;
    const wake = (at: number): void => {
      this.lateMs = Math.min(Math.max(0, at - dueAt), mostLateMs);
      this.ask(step, at);
    };
    if (thinkMs <= 0) wake(now);
    else this.thinkTimer = setTimeout(() => wake(performance.now()), Math.max(0, dueAt - now));
  }

  private ask(step: Step, wantedAt: number): void {
    this.exchange.begin(step, wantedAt);
    this.connection.send(this.exchange);
  }
}
