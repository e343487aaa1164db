// The `traceparent` of each request, by which a tracing system finds again what the request did (W3C Trace Context, level 1).

import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { streamSeed } from '../users/random.js';

/** That requests carry a trace context, and what becomes of it. */
export interface Tracing {
  /** Share of requests whose trace is marked as sampled, 0..1. */
  readonly sampleShare: number;
  /** Where a trace is looked at; `{traceId}` stands for its id. */
  readonly url?: string;
}

/** 32 random bits, as a whole number with or without a sign. */
export type RandomWord = () => number;

export interface TraceStream {
  readonly seed: number;
  /** A run that repeats another's seed has ids of its own: in the tracing system both lie side by side. */
  readonly startAtEpochMs: number;
  /** Numbered over all processes that play the load together. */
  readonly worker: number;
}

/** No user has this number (they count from 0), and the arrivals have another one: the ids are a stream of their own. */
const traceStream = -3;

/**
 * `streamSeed` maps different seeds to different words, and different streams, too. So the generators of two workers, or
 * of two runs, never begin in the same state.
 */
export function traceWords({ seed, startAtEpochMs, worker }: TraceStream): RandomWord {
  const startAtMs = Math.floor(startAtEpochMs);
  const parts = [seed, startAtMs | 0, Math.floor(startAtMs / 2 ** 32), 0];
  const words = xoroshiro128plusFromState(parts.map((part) => streamSeed(part, traceStream, worker)));
  return () => words.next();
}

const digits = Buffer.from('0123456789abcdef', 'latin1');
const blank = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`;
/** Where the ids, eight digits a word, and the last digit of the flags stand. */
const traceIdAt = 3;
const traceIdWords = 4;
const spanIdAt = 36;
const spanIdWords = 2;
const flagAt = 54;

export class TraceContext {
  /** Written over for each request: a number turned to hexadecimal by itself, word for word, costs ten times as much. */
  private readonly text = Buffer.from(blank, 'latin1');

  constructor(
    private readonly sampleShare: number,
    private readonly word: RandomWord,
  ) {}

  /** `00-<trace id>-<parent id>-<flags>`; of the flags only `sampled` is ever set. */
  next(): string {
    this.drawId(traceIdAt, traceIdWords);
    this.drawId(spanIdAt, spanIdWords);
    const sampled = (this.word() >>> 0) / 2 ** 32 < this.sampleShare;
    this.text[flagAt] = digits[sampled ? 1 : 0] ?? 0;
    return this.text.toString('latin1');
  }

  /** An id of zeros alone is none (3.2.2.3 and 3.2.2.4): it is drawn again. */
  private drawId(from: number, words: number): void {
    let bits = 0;
    for (let index = 0; index < words; index++) bits |= this.write(from + index * 8, this.word());
    if (bits === 0) this.drawId(from, words);
  }

  private write(at: number, word: number): number {
    for (let digit = 0; digit < 8; digit++)
      this.text[at + digit] = digits[(word >>> (28 - digit * 4)) & 15] ?? 0;
    return word;
  }
}

export const traceIdOf = (traceparent: string): string =>
  traceparent.slice(traceIdAt, traceIdAt + traceIdWords * 8);
export const isSampled = (traceparent: string): boolean => traceparent.charCodeAt(flagAt) === digits[1];
