// The few requests that took longest, so that somebody can look at what held them up.

import type { Outcome } from './exchange.js';

/** Copied from its exchange, which is used again for the next request. */
export interface SlowExchange {
  readonly traceId: string;
  readonly sampled: boolean;
  /** Position in `endpoints`. */
  readonly endpoint: number;
  /** Path and query as they went over the wire. */
  readonly path: string;
  /** 0 when nothing came back. */
  readonly status: number;
  readonly outcome: Outcome;
  /** From when it was wanted; time-outs at their full length. */
  readonly responseMs: number;
  /** From the first byte sent. */
  readonly serviceMs: number;
  readonly wantedAtEpochMs: number;
}

/** More than anybody looks at, and next to nothing in memory. */
const most = 20;

export class SlowestRequests {
  private kept: SlowExchange[] = [];
  /** Of the quickest kept one; -Infinity while there is room. */
  private floorMs = -Infinity;

  /** Asked before anything is copied: of thousands a second few are. */
  admits(responseMs: number): boolean {
    return responseMs >= this.floorMs;
  }

  add(request: SlowExchange): void {
    if (!this.admits(request.responseMs)) return;
    this.kept.push(request);
    this.kept.sort(slowestFirst);
    this.kept.length = Math.min(this.kept.length, most);
    if (this.kept.length === most) this.floorMs = this.kept.at(-1)?.responseMs ?? -Infinity;
  }

  /** Slowest first. */
  get all(): readonly SlowExchange[] {
    return this.kept;
  }

  /** Hands over what there is and starts anew. */
  drain(): SlowExchange[] {
    const { kept } = this;
    this.kept = [];
    this.floorMs = -Infinity;
    return kept;
  }
}

/** Equally slow ones by their id, so that it does not matter who reported first. */
const slowestFirst = (a: SlowExchange, b: SlowExchange): number =>
  b.responseMs - a.responseMs || (a.traceId < b.traceId ? -1 : 1);
