// What a worker tells the main thread each second: only what was added since the last time.

import type { HistogramDelta } from './latency-histogram.js';
import type { SlowExchange } from './slowest-requests.js';

/** Timings of all requests together; k6 shows the same. */
export const trendNames = ['blocked', 'connecting', 'sending', 'waiting', 'receiving', 'iteration'] as const;
export type TrendName = (typeof trendNames)[number];

export const counterNames = [
  /** Requests whose time had come: an arrival, or a user who wants something. */
  'offered',
  /** Given to a connection. */
  'started',
  /** Arrivals for which there was neither a connection nor room in the queue, or no time left at the end. */
  'dropped',
  /** Started late for want of the generator's own time. */
  'lateStarts',
  'iterations',
  'resent',
  'censored',
  'loginsRepeated',
  'planConflicts',
  /** Sessions that made their first request. */
  'sessionsUsed',
  /** Milliseconds from wanting an answer to having it, and in thought: one side of Little's law. */
  'busyMs',
  'thinkMs',
  /** The other: integral over time of active users, or in the open model of requests that arrived and are not yet answered. */
  'userMs',
] as const;
export type CounterName = (typeof counterNames)[number];
export type Counters = Record<CounterName, number>;

/** Answers of a status. */
export interface StatusCount {
  readonly status: number;
  readonly count: number;
}

export interface EndpointDelta {
  readonly endpoint: number;
  /** Requests that ended, in whatever way. */
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly timeouts: number;
  readonly refused: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Of the requests that were answered. */
  readonly statuses: readonly StatusCount[];
  /** Service times of answers that were expected, and of the others (time-outs at their full length). */
  readonly ok: HistogramDelta | undefined;
  readonly unexpected: HistogramDelta | undefined;
  /** Response times of the same: from when the request was wanted. */
  readonly responseOk: HistogramDelta | undefined;
  readonly responseUnexpected: HistogramDelta | undefined;
}

export interface ErrorDelta {
  readonly endpoint: number;
  readonly reason: string;
  readonly count: number;
}

export interface CheckDelta {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** How the thread itself fared: when it is late, so is everything it measures. */
export interface ThreadHealth {
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** Share of the second in which the event loop was not waiting, 0..1. */
  readonly loopUtilization: number;
  /** Share of a core that the thread used. */
  readonly cpu: number;
}

export interface Delta {
  readonly worker: number;
  /** Seconds since the start of the run, counted from 0. */
  readonly second: number;
  /** Towards the end of the second: active users, or connections in the open model. */
  readonly users: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly endpoints: readonly EndpointDelta[];
  readonly trends: Readonly<Partial<Record<TrendName, HistogramDelta>>>;
  readonly errors: readonly ErrorDelta[];
  readonly checks: readonly CheckDelta[];
  readonly counters: Readonly<Counters>;
  readonly health: ThreadHealth;
  /** Those of the second that took longest; absent where requests carry no trace context to find them by. */
  readonly slowest?: readonly SlowExchange[];
}

export const noCounters = (): Counters =>
  Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
