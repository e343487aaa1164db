// Sends what each second brings to a system that may be slow, away or back again: in order, with patience, and never more kept than it may be.

import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputFigures } from '../analysis/findings.js';
import type { Say } from './output.js';

/** The other side will never take this: sending it again is of no use. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface DeliveryOptions<T> {
  readonly kind: OutputFigures['kind'];
  /** As people are told it: without a password. */
  readonly target: string;
  readonly say: Say;
  /** Rejects with a RefusedError when trying again is of no use. */
  readonly send: (seconds: readonly T[], signal: AbortSignal) => Promise<void>;
  readonly firstBackoffMs?: number;
  /** Seconds kept while the other side is away; the oldest are given up first. */
  readonly maxKept?: number;
}

/** As many seconds in one request: what piled up in ten minutes is sent in twenty. */
const mostAtOnce = 30;
const defaultMaxKept = 600;
const defaultBackoffMs = 250;
const longestBackoffMs = 10_000;
/** A request that takes longer is tried again. */
const requestLimitMs = 5000;
/** After the run, for all that is left. */
const finishLimitMs = 5000;

export class Delivery<T> {
  private kept: T[] = [];
  private sending: Promise<void> | undefined;
  private delivered = 0;
  private dropped = 0;
  private trouble: string | null = null;
  private gaveUp = false;
  private readonly giveUp = new AbortController();
  /** Ends the wait before the next attempt. */
  private hurry = new AbortController();

  constructor(private readonly options: DeliveryOptions<T>) {}

  push(second: T): void {
    if (this.gaveUp) return;
    this.kept.push(second);
    if (this.kept.length > (this.options.maxKept ?? defaultMaxKept)) {
      this.kept.shift();
      this.dropped++;
    }
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
  }

  /** Sends what is left, and gives up what cannot be sent soon. */
  async finish(): Promise<OutputFigures> {
    const { kind, target } = this.options;
    if (this.sending) {
      this.hurry.abort();
      const limit = setTimeout(() => this.giveUp.abort(), finishLimitMs);
      await this.sending;
      clearTimeout(limit);
    }
    this.gaveUp ||= this.giveUp.signal.aborted;
    this.dropped += this.kept.length;
    this.kept = [];
    return { kind, target, delivered: this.delivered, dropped: this.dropped, trouble: this.trouble };
  }

  private async sendAll(): Promise<void> {
    let backoffMs = this.options.firstBackoffMs ?? defaultBackoffMs;
    while (this.kept.length > 0 && !this.giveUp.signal.aborted) {
      const batch = this.kept.slice(0, mostAtOnce);
      try {
        const limits = [this.giveUp.signal, AbortSignal.timeout(requestLimitMs)];
        await this.options.send(batch, AbortSignal.any(limits));
        this.settle(batch, 'delivered');
        backoffMs = this.options.firstBackoffMs ?? defaultBackoffMs;
      } catch (error) {
        this.tell(error);
        if (error instanceof RefusedError) this.settle(batch, 'dropped');
        else await this.pause(backoffMs);
        backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      }
    }
  }

  /** Some of the batch may have been given up while it was on its way. */
  private settle(batch: readonly T[], outcome: 'delivered' | 'dropped'): void {
    const before = this.kept.length;
    this.kept = this.kept.filter((one) => !batch.includes(one));
    this[outcome] += before - this.kept.length;
  }

  private async pause(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.hurry.signal, this.giveUp.signal]);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    // Once only: what is tried last still waits between attempts.
    if (this.hurry.signal.aborted) this.hurry = new AbortController();
  }

  private tell(error: unknown): void {
    if (this.trouble !== null) return;
    const { message, cause } = error as Error;
    this.trouble = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const { kind, target, say } = this.options;
    say(
      `${kind} ${target} does not take the figures (${this.trouble}); the run goes on, and it is tried again`,
    );
  }
}
