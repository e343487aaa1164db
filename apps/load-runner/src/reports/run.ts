// What every report is made from, and what a report is.

import type { SystemSecond } from '../analysis/findings.js';
import type { RunRecord } from '../analysis/record.js';
import type { Second } from '../engine/timeline.js';

export interface Run {
  readonly record: RunRecord;
  readonly seconds: readonly Second[];
  /** Series of the system under test, on the same clock; empty when nothing could be collected. */
  readonly system: readonly SystemSecond[];
}

/** A report is a text made from a run, and nothing else. */
export type Report = (run: Run) => string;
