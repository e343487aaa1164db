// A user on its journeys, one after another: a script step by step, and what it makes of the answers.

import { performance } from 'node:perf_hooks';
import type { Journey, Step } from '../users/step.js';
import type { Actor } from './actor.js';
import type { Exchange } from './exchange.js';
import type { Recorder } from './recorder.js';

const finished: IteratorResult<Step, void> = { done: true, value: undefined };

export class JourneyActor implements Actor {
  private journey: Journey | undefined;
  private startedAt = 0;
  private upcoming: Step | undefined;

  constructor(
    private readonly nextJourney: () => Journey,
    private readonly recorder: Recorder,
  ) {}

  step(): Step {
    let step = this.upcoming;
    while (!step) {
      this.journey = this.nextJourney();
      this.startedAt = performance.now();
      step = this.follow(this.journey.next());
    }
    this.upcoming = undefined;
    return step;
  }

  settled(exchange: Exchange): void {
    this.upcoming = this.follow(this.resume(exchange));
  }

  private follow(next: IteratorResult<Step, void>): Step | undefined {
    if (!next.done) return next.value;
    this.recorder.iterated(performance.now() - this.startedAt);
    return undefined;
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
}
