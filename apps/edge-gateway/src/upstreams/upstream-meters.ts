/** What the edge measures of its calls to services, and of what protects them. */
import { HttpClientMeter, type MeasuredCall, type Meters, reasonOf } from '@flowchart/platform';
import { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';
import type { UpstreamAnswer } from './answer.js';
import type { ProtectionState } from './protection.js';

type States = () => readonly { readonly name: string; readonly state: ProtectionState }[];

/** What is measured of the calls to services. */
export class UpstreamMeters {
  private readonly retries;

  constructor(private readonly meters: Meters) {
    this.retries = meters.counter({
      name: 'resilience.retries',
      description: 'Calls that were worth another try, and whether the budget allowed it',
      tags: ['name', 'result'],
    });
  }

  of(name: string): CallMeter {
    const [made, refused] = ['made', 'over budget'].map((result) => {
      const counter = this.retries.labels({ name, result });
      // Told from the start: a rate does not see the step from nothing to 1.
      counter.inc(0);
      return counter;
    });
    return new CallMeter(new HttpClientMeter(this.meters, name), (paid) => (paid ? made : refused)?.inc());
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
    this.meters.countOf(
      { name: 'resilience.circuitbreaker.opened', description: 'Circuits opened', tags: ['name'] },
      () => states().map(({ name, state }) => ({ tags: { name }, value: state.timesOpened })),
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
  constructor(
    private readonly calls: HttpClientMeter,
    /** A call was worth another try: whether it was paid for. */
    readonly retry: (paid: boolean) => void,
  ) {}

  answered(call: MeasuredCall, { status }: UpstreamAnswer, startedMs: number): void {
    this.calls.answered(call, status, startedMs);
  }

  failed(call: MeasuredCall, error: unknown, startedMs: number): void {
    this.calls.failed(call, refusalOf(error) ?? reasonOf(error), startedMs);
  }
}

/** Why a call was not even made. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof BulkheadRejectedError) return 'rejected';
  return error instanceof BrokenCircuitError ? 'circuit open' : undefined;
}
