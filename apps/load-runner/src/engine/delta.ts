// What a worker tells the main thread each second: only what was added since the last time.

import type { HistogramDelta } from './latency-histogram.js';

/** Timings of all requests together; k6 shows the same. */
export const trendNames = ['blocked', 'connecting', 'sending', 'waiting', 'receiving', 'iteration'] as const;
export type TrendName = (typeof trendNames)[number];

export const counterNames = [
  'iterations',
  'resent',
  'censored',
  'loginsRepeated',
  'planConflicts',
  /** Milliseconds that users spent from wanting an answer to having it, and in thought: the two sides of Little's law. */
  'busyMs',
  'thinkMs',
  /** Integral of active users over time. */
  'userMs',
] as const;
export type CounterName = (typeof counterNames)[number];
export type Counters = Record<CounterName, number>;

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
  /** Service times of answers that were expected, and of the others (time-outs at their full length). */
  readonly ok: HistogramDelta | undefined;
  readonly unexpected: HistogramDelta | undefined;
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
  /** Active users towards the end of the second. */
  readonly users: number;
  readonly inFlight: number;
  readonly endpoints: readonly EndpointDelta[];
  readonly trends: Readonly<Partial<Record<TrendName, HistogramDelta>>>;
  readonly errors: readonly ErrorDelta[];
  readonly checks: readonly CheckDelta[];
  readonly counters: Readonly<Counters>;
  readonly health: ThreadHealth;
}

export const noCounters = (): Counters =>
  Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
