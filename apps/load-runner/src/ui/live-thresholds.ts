// The profile's thresholds while the run goes on: the lamps of the live page.

import { findRecoveries } from '../analysis/recovery.js';
import { evaluateThresholds } from '../analysis/thresholds.js';
import type { Timeline } from '../engine/timeline.js';
import type { Profile } from '../profiles/schema.js';

export interface LiveThreshold {
  readonly metric: string;
  readonly condition: string;
  /** Null while there is nothing to hold it against. */
  readonly ok: boolean | null;
  readonly actual?: number;
}

export function liveThresholds(timeline: Timeline, thresholds: Profile['thresholds']): LiveThreshold[] {
  const seconds = timeline.seconds.filter((second) => !second.warmup);
  const source = {
    totals: timeline.measured,
    seconds,
    stages: timeline.stages,
    measuredMs: seconds.length * 1000,
    recoveries: findRecoveries(timeline.stages, timeline.seconds),
    findings: {},
  };
  return evaluateThresholds(source, thresholds).map(({ metric, condition, ok, actual }) =>
    actual === undefined ? { metric, condition, ok: null } : { metric, condition, ok, actual },
  );
}
