// A change of the load while a run goes on, in Locust's sense: so many users from now on, reached so fast.

import type { Schedule } from '../profiles/schedule.js';
import type { Stage } from '../profiles/schema.js';

/** What is left out stays as it is. */
export interface LoadEdit {
  /** Users, or in the open model requests per second. */
  readonly level?: number;
  /** How fast the level changes; at once when it is left out. */
  readonly spawnRatePerSecond?: number;
  /** From now on. */
  readonly runTimeMs?: number;
}

/** What becomes of the rest of the run: one stage to its planned end. A ramp that takes longer puts the end off. */
export function restOfRun(schedule: Schedule, edit: LoadEdit, elapsedMs: number): Stage {
  const phase = schedule.phases.find(({ toMs }) => elapsedMs < toMs);
  const current = schedule.levelAt(elapsedMs);
  const level = edit.level ?? phase?.level ?? Math.round(current);
  const remainingMs = edit.runTimeMs ?? Math.max(0, schedule.durationMs - elapsedMs);
  const rampMs = edit.spawnRatePerSecond ? (Math.abs(level - current) / edit.spawnRatePerSecond) * 1000 : 0;
  return { level, rampMs, holdMs: Math.max(0, remainingMs - rampMs) };
}
