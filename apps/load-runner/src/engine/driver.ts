// What the generator asks of a driver, closed or open: to apply the schedule's load from moment to moment, and to end well.

import type { Schedule } from '../profiles/schedule.js';

export interface Driver {
  /** Called every few hundredths of a second. */
  advance(elapsedMs: number): void;
  /** From now on this schedule. */
  replan(schedule: Schedule): void;
  /** No new requests; what is under way may still be answered. */
  stop(): void;
  /** Gives up what is still under way: it counts as censored. */
  abandon(): void;
  /** Whether nothing is under way any more, after `stop`. */
  readonly empty: boolean;
  /** Closed: active users. Open: connections, idle ones included, as k6 counts the users of its arrival-rate executors. */
  readonly users: number;
  readonly inFlight: number;
  /** Arrivals that wait for a connection. */
  readonly queued: number;
}
