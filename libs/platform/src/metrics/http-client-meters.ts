/** Rate, errors and durations of the calls to other services. */
import { NoAnswer } from '../http-client/exchange.js';
import { hasSucceeded, outcomeOf } from './http-outcome.js';
import type { Meters } from './meters.js';
import type { Timer, TimerSeries } from './timer.js';

/** What the edge calls, with the usual statuses and failures, takes two thirds of it. */
const MOST_SAMPLES = 600;

/** What was called: `uri` must be a template or a path without parameters. */
export interface MeasuredCall {
  readonly method: string;
  readonly uri: string;
}

/** `http.client.requests` of one client, tagged as Micrometer does; in place of a status, why there was no answer. */
export class HttpClientMeter {
  private readonly timer: Timer;
  private readonly series = new Map<string, Map<string | number, TimerSeries>>();

  constructor(
    meters: Meters,
    /** Whom it calls: `course-service`. */
    private readonly clientName: string,
  ) {
    this.timer = meters.timer(
      {
        name: 'http.client.requests',
        description: 'Calls to a service, the wait for their turn included, by buckets where they succeeded',
        tags: ['client_name', 'method', 'uri', 'status', 'outcome'],
      },
      { mostSamples: MOST_SAMPLES, hasBuckets: hasSucceeded },
    );
  }

  answered(call: MeasuredCall, status: number, startedMs: number): void {
    this.of(call, status).record((performance.now() - startedMs) / 1000);
  }

  /** `reason` stands where a status would: `timeout`, `connection`. */
  failed(call: MeasuredCall, reason: string, startedMs: number): void {
    this.of(call, reason).record((performance.now() - startedMs) / 1000);
  }

  private of({ method, uri }: MeasuredCall, ended: number | string): TimerSeries {
    const key = `${method} ${uri}`;
    const known = this.series.get(key) ?? new Map<string | number, TimerSeries>();
    this.series.set(key, known);
    const series = known.get(ended) ?? this.find(method, uri, ended);
    known.set(ended, series);
    return series;
  }

  private find(method: string, uri: string, ended: number | string): TimerSeries {
    const outcome = typeof ended === 'number' ? outcomeOf(ended) : 'UNKNOWN';
    return this.timer.for({ client_name: this.clientName, method, uri, status: String(ended), outcome });
  }
}

/** Why a call has no answer. */
export const reasonOf = (error: unknown): string => (error instanceof NoAnswer ? error.reason : 'error');
