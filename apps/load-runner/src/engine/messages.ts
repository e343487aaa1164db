// What main thread and workers send to each other.

import type { LedgerPage } from '../audit/ledger.js';
import type { Profile, Stage } from '../profiles/schema.js';
import type { Catalogue } from '../users/catalogue.js';
import type { Target } from './connection.js';
import type { Delta } from './delta.js';
import type { Tracing } from './trace-context.js';

/** Everything a worker needs to play its part; nothing is asked for later. */
export interface WorkerOrder {
  /** Its number, and how many there are, in all processes that play this load together. */
  readonly worker: number;
  readonly workers: number;
  readonly seed: number;
  readonly target: Target;
  readonly profile: Profile;
  readonly catalogue: Catalogue;
  /** Wall-clock milliseconds at which second 0 begins, for all workers alike. */
  readonly startAtEpochMs: number;
  readonly trace?: Tracing;
}

export type ToWorker =
  | { readonly type: 'stop' }
  /** From `atMs` after the start on, these stages. */
  | { readonly type: 'replan'; readonly atMs: number; readonly stages: readonly Stage[] };
export type FromWorker =
  { readonly type: 'delta'; readonly delta: Delta } | { readonly type: 'done'; readonly ledger: LedgerPage };
