import { type Meters, NoAnswer, type Timer, type TimerSeries } from '@flowchart/platform';
import { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';
import type { UpstreamAnswer } from './answer.js';
import type { ProtectionState } from './protection.js';

type States = () => readonly { readonly name: string; readonly state: ProtectionState }[];

/** What is measured of the calls to services. */
export class UpstreamMeters {
  private readonly calls;
  private readonly retries;

  constructor(private readonly meters: Meters) {
    this.calls = meters.timer({
      name: 'upstream.calls',
      description: 'Calls to a service by how they ended, the wait for their turn included',
      tags: ['upstream', 'outcome'],
    });
    this.retries = meters.counter({
      name: 'resilience.retries',
      description: 'Calls that were worth another try, and whether the budget allowed it',
      tags: ['name', 'result'],
    });
  }

  of(name: string): CallMeter {
    const [made, refused] = ['made', 'over budget'].map((result) => this.retries.labels({ name, result }));
    return new CallMeter(name, this.calls, (paid) => (paid ? made : refused)?.inc());
  }

  /** The gauges of all upstreams. */
  watch(states: States): void {
    const gauge = (name: string, description: string, read: (state: ProtectionState) => number) =>
      this.meters.gauge({ name, description, tags: ['name'] }, () =>
        states().map(({ name, state }) => ({ tags: { name }, value: read(state) })),
      );
    gauge(
      'resilience.circuitbreaker.state',
      'State of the circuit to a service: 0 closed, 1 open, 2 half open',
      ({ circuit }) => circuit,
    );
    gauge('resilience.bulkhead.active', 'Calls to a service under way', ({ active }) => active);
    gauge(
      'resilience.bulkhead.queued',
      'Calls to a service that wait for their turn',
      ({ queued }) => queued,
    );
    gauge('resilience.retry.budget', 'Retries that are paid for', ({ retriesLeft }) => retriesLeft);
  }
}

/** Measures the calls of one upstream. */
export class CallMeter {
  private readonly success: TimerSeries;

  constructor(
    private readonly upstream: string,
    private readonly calls: Timer,
    /** A call was worth another try: whether it was paid for. */
    readonly retry: (paid: boolean) => void,
  ) {
    this.success = this.series('answer');
  }

  answered({ status }: UpstreamAnswer, startedMs: number): void {
    const series = status < 500 ? this.success : this.series('error');
    series.record((performance.now() - startedMs) / 1000);
  }

  failed(error: unknown, startedMs: number): void {
    this.series(outcomeOf(error)).record((performance.now() - startedMs) / 1000);
  }

  private series(outcome: string): TimerSeries {
    return this.calls.for({ upstream: this.upstream, outcome });
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.reason;
  if (error instanceof BulkheadRejectedError) return 'rejected';
  return error instanceof BrokenCircuitError ? 'circuit open' : 'error';
}
