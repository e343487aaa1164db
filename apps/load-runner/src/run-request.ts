// What somebody asked for, from the command line or the live page, with every wish worked into the profile.

import type { OutputTarget } from './outputs/target.js';
import type { Tracing } from './engine/trace-context.js';
import type { Profile } from './profiles/schema.js';

export interface RunRequest {
  readonly profile: Profile;
  readonly baseUrl: string;
  readonly seed: number;
  readonly workers: number;
  readonly tags: Readonly<Record<string, string>>;
  /** This process plays only this part of the load. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** When second 0 begins, so that all parts begin together. */
  readonly startAtEpochMs?: number;
  /** Requests carry a trace context, so that a slow one can be looked up. */
  readonly trace?: Tracing;
  /** Who else is told how the run goes. */
  readonly targets?: readonly OutputTarget[];
}
