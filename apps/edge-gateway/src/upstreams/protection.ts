import { RetryBudget } from '@flowchart/kernel';
import { NoAnswer } from '@flowchart/platform';
import {
  BrokenCircuitError,
  bulkhead,
  type BulkheadPolicy,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type IBreaker,
  SamplingBreaker,
} from 'cockatiel';

/** After so many failures in a row callers are told at once, and one call a second tries again. */
const FAILURES_IN_A_ROW = 10;
/** The same when half of the calls of five seconds failed: a service that answers now and then breaks no row. */
const failureShare = { threshold: 0.5, duration: 5000, minimumRps: 4 };
const BREAK_MS = 1000;
const retryBudget = { share: 0.1, perSecond: 1, most: 20 };

export interface ProtectionOptions {
  /** Calls at a time. */
  readonly atOnce: number;
  /** Calls that wait for their turn. */
  readonly queue: number;
  /** A call's whole time. */
  readonly timeoutMs: number;
}

export interface ProtectionState {
  readonly circuit: CircuitState;
  readonly active: number;
  readonly queued: number;
  readonly retriesLeft: number;
  /** How often the circuit was opened so far: also when nobody looked. */
  readonly timesOpened: number;
}

/**
 * What keeps a service that is slow or down from being everybody's trouble: a circuit breaker, a bulkhead and a budget
 * for retries. Nobody waits longer in the queue than for the time of a call, because those ahead end by then.
 */
export class Protection {
  readonly budget = new RetryBudget(retryBudget);
  private readonly breaker: CircuitBreakerPolicy;
  private readonly bulkhead: BulkheadPolicy;
  private timesOpened = 0;

  constructor(private readonly options: ProtectionOptions) {
    this.bulkhead = bulkhead(options.atOnce, options.queue);
    this.breaker = circuitBreaker(
      // Whatever is not an answer leaves a circuit open that is being tried.
      handleWhen((error) => this.isFailure(error) || this.breaker.state === CircuitState.HalfOpen),
      {
        halfOpenAfter: BREAK_MS,
        breaker: new EitherBreaker(
          new ConsecutiveBreaker(FAILURES_IN_A_ROW),
          new SamplingBreaker(failureShare),
        ),
      },
    );
    this.breaker.onBreak(() => this.timesOpened++);
  }

  get state(): ProtectionState {
    const { atOnce, queue } = this.options;
    return {
      circuit: this.breaker.state,
      active: atOnce - this.bulkhead.executionSlots,
      queued: queue - this.bulkhead.queueSlots,
      retriesLeft: this.budget.balance,
      timesOpened: this.timesOpened,
    };
  }

  /** Rejects with `BrokenCircuitError` or `BulkheadRejectedError` what it does not let through. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    // While one call finds out whether the service is back, the others need not wait for the verdict.
    if (this.breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return this.breaker.execute(() => this.bulkhead.execute(call));
  }

  /** A caller who goes away is not the service's failure, nor is a deadline that the queue had used up. */
  private isFailure(error: unknown): boolean {
    if (!(error instanceof NoAnswer)) return false;
    const hadTime = error.sent && error.timeoutMs > this.options.timeoutMs / 2;
    return error.reason === 'connection' || (error.reason === 'timeout' && hadTime);
  }
}

/** Breaks as soon as one of several would. */
class EitherBreaker implements IBreaker {
  state: unknown;
  private readonly breakers: readonly IBreaker[];

  constructor(...breakers: IBreaker[]) {
    this.breakers = breakers;
  }

  success(state: CircuitState): void {
    for (const breaker of this.breakers) breaker.success(state);
  }

  failure(state: CircuitState): boolean {
    // Each of them has to count it.
    return this.breakers.map((breaker) => breaker.failure(state)).includes(true);
  }
}
