/** What a bench asks of the flood client, and what it gets back. */
import type { Exchange } from './exchange.js';
import type { FloodTarget } from './flood-connection.js';

export interface FloodOrder extends FloodTarget {
  readonly connections: number;
  /** Sent in turn, by all connections together; from the beginning again after the last, unless `once`. */
  readonly exchanges: readonly Exchange[];
  /** Each exchange is sent at most once; running out of them ends the flood as a failure. */
  readonly once?: boolean;
  /** Before the measurement begins, by time or until so many answers are in, whichever is later. */
  readonly warmupMs: number;
  readonly warmupAnswers?: number;
  readonly measureMs: number;
  /** Processes whose CPU is metered, descendants included, by the name of their group. */
  readonly metered: Readonly<Record<string, readonly number[]>>;
  /** A header whose values are counted. */
  readonly tallyHeader?: string;
}

export interface FloodResult {
  readonly windowMs: number;
  /** Answers with the right status, length and bytes. */
  readonly correct: number;
  readonly wrong: number;
  /** What the first wrong answer or lost connection was. */
  readonly firstTrouble?: string;
  /** CPU of each metered group within the window. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** CPU of the flood client itself within the window. */
  readonly clientCpuUs: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly tally: Readonly<Record<string, number>>;
  /** Exchanges taken from the list, those of the warm-up included. */
  readonly taken: number;
}
