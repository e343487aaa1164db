/** Counts the answers of a flood: an answer that is not exactly the right one does not count. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Answer } from './answer-reader.js';
import type { Exchange } from './exchange.js';
import type { FloodObserver } from './flood-connection.js';
import type { FloodOrder, FloodResult } from './flood-messages.js';

export type TallyCounts = Pick<
  FloodResult,
  'correct' | 'wrong' | 'bodyBytes' | 'firstTrouble' | 'latencyMs' | 'tally'
>;

const US_IN_MS = 1000;

export class AnswerTally implements FloodObserver {
  /** Resolves when all requests that may be sent have their answer; rejects when the flood cannot go on. */
  readonly over: Promise<void>;
  #end!: () => void;
  #break!: (error: Error) => void;
  #measuring = false;
  #answers = 0;
  #correct = 0;
  #wrong = 0;
  #bodyBytes = 0;
  #taken = 0;
  #firstTrouble: string | undefined;
  #latencyUs: RecordableHistogram = createHistogram();
  readonly #values = new Map<string, number>();
  readonly #header: RegExp | undefined;

  constructor(private readonly order: FloodOrder) {
    this.over = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#break = reject;
    });
    // Whoever races against it sees the failure; one that comes after the last race is nobody's.
    this.over.catch(() => undefined);
    if (order.tallyHeader !== undefined)
      this.#header = new RegExp(`\\r\\n${order.tallyHeader}: *([^\\r]*)`, 'i');
  }

  /** All answers up to now, those of the warm-up included. */
  get answers(): number {
    return this.#answers;
  }

  begin(): void {
    this.#measuring = true;
  }

  end(): TallyCounts {
    this.#measuring = false;
    const percentileMs = (percent: number): number => this.#latencyUs.percentile(percent) / US_IN_MS;
    return {
      correct: this.#correct,
      wrong: this.#wrong,
      bodyBytes: this.#bodyBytes,
      ...(this.#firstTrouble !== undefined && { firstTrouble: this.#firstTrouble }),
      latencyMs: { p50: percentileMs(50), p95: percentileMs(95), p99: percentileMs(99) },
      tally: Object.fromEntries(this.#values),
    };
  }

  next(): Exchange | undefined {
    const { exchanges, once } = this.order;
    if (once && this.#taken >= exchanges.length) return undefined;
    return exchanges[this.#taken++ % exchanges.length];
  }

  answered(answer: Answer, exchange: Exchange, latencyMs: number): void {
    this.#answers++;
    if (this.order.once && this.#answers === this.order.exchanges.length) this.#end();
    const trouble = troubleWith(answer, exchange);
    if (trouble !== undefined) this.#firstTrouble ??= trouble;
    if (!this.#measuring) return;
    if (trouble !== undefined) {
      this.#wrong++;
      return;
    }
    this.#correct++;
    this.#bodyBytes += answer.body.length;
    this.#latencyUs.record(Math.max(1, Math.round(latencyMs * US_IN_MS)));
    if (this.#header !== undefined) this.#count(this.#header.exec(answer.head)?.[1] ?? 'none');
  }

  failed(error: Error): void {
    this.#break(error);
  }

  #count(value: string): void {
    this.#values.set(value, (this.#values.get(value) ?? 0) + 1);
  }
}

function troubleWith({ status, body, head }: Answer, expected: Exchange): string | undefined {
  if (status !== expected.status) return `${status} instead of ${expected.status}: ${head}`;
  if (expected.body === undefined || body.equals(expected.body)) return undefined;
  return `${body.length} bytes that are not the ${expected.body.length} expected: ${head}`;
}
