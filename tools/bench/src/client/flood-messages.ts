/** What a bench asks of the flood client, and what it gets back. */
import type { Exchange } from './exchange.js';
import type { FloodTarget } from './flood-connection.js';

export interface FloodOrder extends FloodTarget {
  readonly connections: number;
  /** Sent in turn, by all connections together; from the beginning again after the last, unless `once`. */
  readonly exchanges: readonly Exchange[];
  /**
   * Each connection sends at this pace, out of step with the others; an answer that is late counts from when its request
   * was due. Without it the next request follows the answer.
   */
  readonly intervalMs?: number;
  /** Each exchange is sent at most once, and the window ends early when there is none left. */
  readonly once?: boolean;
  /** Before the measurement begins. */
  readonly warmupMs: number;
  /** The warm-up lasts until so many answers are in, too. */
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
  /** Bytes in the bodies of the right ones. */
  readonly bodyBytes: number;
  /** What the first wrong answer or lost connection was. */
  readonly firstTrouble?: string;
  /** CPU of each metered group within the window. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** CPU of the flood client itself within the window. */
  readonly clientCpuUs: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** How often each value of `tallyHeader` occurred. */
  readonly tally: Readonly<Record<string, number>>;
}
