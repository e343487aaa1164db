// What a journey and the engine say to each other: the journey yields a step, the engine sends it and hands back the answer.

import type { AcknowledgedPlan } from '../audit/ledger.js';
import type { Endpoint } from './endpoint.js';

/** One request a user makes. */
export interface Step {
  readonly endpoint: Endpoint;
  /** Path and query as they go over the wire. */
  readonly path: string;
  /** Header lines of this step alone, each ended by CRLF. */
  readonly headers: string;
  readonly body?: string;
  /** Statuses beside the endpoint's own that are an answer to this step, not a failure. */
  readonly alsoExpected: readonly number[];
  /** Whether the user thinks before it; a browser's own follow-up request does not. */
  readonly think: boolean;
}

/** What came back. It is reused for the next request: a journey takes what it needs before it yields again. */
export interface Answer {
  /** 0 when nothing came back: time-out, refused, lost. */
  readonly status: number;
  /** Whether the status is one the step expected. */
  readonly expected: boolean;
  header(name: string): string | undefined;
  /** Whether the bytes occur in the body; no decoding, no parsing. */
  includes(bytes: Buffer): boolean;
  /** How often the bytes occur in the body. */
  count(bytes: Buffer): number;
  text(): string;
  json(): unknown;
}

/** A journey runs as a generator: a script that reads top to bottom and costs no promise per request. */
export type Journey = Generator<Step, void, Answer>;
/** A part of a journey that ends with something of use to the rest. */
export type Part<T> = Generator<Step, T, Answer>;

/** Where journeys count what they saw; the engine adds it up. */
export interface Tally {
  check(name: string, passed: boolean): void;
  count(name: 'loginsRepeated' | 'planConflicts'): void;
  /** The system said that it has saved this plan. */
  acknowledged(plan: AcknowledgedPlan): void;
  /** The system said that it has ended the session of this header value. */
  loggedOut(authorization: string): void;
}
