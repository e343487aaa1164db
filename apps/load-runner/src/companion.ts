// What goes along with a run: collectors, outputs, audits, faults, a pilot. Each is told how the run goes and adds what it found.

import type { Findings } from './analysis/findings.js';
import type { Delta } from './engine/delta.js';
import type { Measurement, RunningLoad } from './engine/run.js';
import type { Second } from './engine/timeline.js';
import type { Run } from './reports/run.js';

/** All optional; called in this order. A companion that throws in `prepare` refuses the run, later it fails it. */
export interface Companion {
  /** Before the first request. */
  prepare?(): Promise<void>;
  /** The load has begun; `running` may be steered. */
  started?(running: RunningLoad): void;
  /** A second of the run has passed and was put together. */
  second?(second: Second, deltas: readonly Delta[]): void;
  /** What it is at, a phrase for the line that tells how the run is going. */
  readonly doing?: string | undefined;
  /** After the last answer, while the system still stands. */
  finish?(measurement: Measurement): Promise<CompanionResult>;
  /** The run was judged and its folder written. */
  recorded?(run: Run, folder: string): Promise<void>;
  /** Always, whatever went wrong; not told why. */
  close?(): Promise<void>;
}

/** What it found for the record, and series of the system beside the run's own. */
export interface CompanionResult {
  readonly findings?: Findings;
  readonly system?: Run['system'];
}
