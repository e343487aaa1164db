// A virtual user of the closed model: it thinks, asks, waits for the answer, and thinks again.

import { performance } from 'node:perf_hooks';
import { sampleThinkMs, type ThinkTime } from '../profiles/think-time.js';
import type { Journey, Step } from '../users/step.js';
import type { Random } from '../users/random.js';
import { LrConnection, type Target } from './connection.js';
import { Exchange } from './exchange.js';
import type { Recorder } from './recorder.js';

const finished: IteratorResult<Step, void> = { done: true, value: undefined };

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
    if (this.retiring) this.leave();
    else this.follow(this.resume(exchange));
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

  private think(step: Step): void {
    if (!step.think) {
      this.ask(step, performance.now());
      return;
    }
    const thinkMs = sampleThinkMs(this.script.thinkTime, this.script.thinkRandom.uniform);
    this.recorder.count('thinkMs', thinkMs);
    if (thinkMs <= 0) this.ask(step, performance.now());
    else this.thinkTimer = setTimeout(() => this.ask(step, performance.now()), thinkMs);
  }

  private ask(step: Step, wantedAt: number): void {
    this.exchange.begin(step, wantedAt);
    this.connection.send(this.exchange);
  }
}
