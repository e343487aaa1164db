// The load that is planned for a run under way: its profile's stages, and what was changed while it ran.

import { Schedule, type Phase } from '../profiles/schedule.js';
import type { Stage } from '../profiles/schema.js';

/** A change in mid-run; what is left out stays as it is. */
export interface LoadEdit {
  /** Users, or in the open model requests per second. */
  readonly level?: number;
  /** How fast the level changes; at once when it is left out. */
  readonly spawnRatePerSecond?: number;
  /** From now on. */
  readonly runTimeMs?: number;
}

export class LoadPlan {
  private all: readonly Phase[];

  constructor(stages: readonly Stage[]) {
    this.all = new Schedule(stages).phases;
  }

  get phases(): readonly Phase[] {
    return this.all;
  }

  get durationMs(): number {
    return this.all.at(-1)?.toMs ?? 0;
  }

  phaseAt(elapsedMs: number): Phase | undefined {
    return this.all.find(({ toMs }) => elapsedMs < toMs);
  }

  /** What becomes of the rest of the run: one stage, to its planned end. A ramp that takes longer puts the end off. */
  edit({ level, spawnRatePerSecond, runTimeMs }: LoadEdit, elapsedMs: number): Stage[] {
    const current = Math.round(this.levelAt(elapsedMs));
    const wanted = level ?? this.phaseAt(elapsedMs)?.level ?? current;
    const remainingMs = runTimeMs ?? Math.max(0, this.durationMs - elapsedMs);
    const rampMs = spawnRatePerSecond ? (Math.abs(wanted - current) / spawnRatePerSecond) * 1000 : 0;
    const stage = { level: wanted, rampMs, holdMs: Math.max(0, remainingMs - rampMs) };
    const past = this.all.filter(({ fromMs }) => fromMs < elapsedMs);
    this.all = [
      ...past.map((phase) => ({
        ...phase,
        steadyFromMs: Math.min(phase.steadyFromMs, elapsedMs),
        toMs: Math.min(phase.toMs, elapsedMs),
      })),
      {
        level: wanted,
        fromMs: elapsedMs,
        steadyFromMs: elapsedMs + rampMs,
        toMs: elapsedMs + rampMs + stage.holdMs,
      },
    ];
    return [stage];
  }

  private levelAt(elapsedMs: number): number {
    const index = this.all.findIndex(({ toMs }) => elapsedMs < toMs);
    const phase = this.all[index];
    if (!phase) return 0;
    if (elapsedMs >= phase.steadyFromMs) return phase.level;
    const before = this.all[index - 1]?.level ?? 0;
    return (
      before +
      ((phase.level - before) * (elapsedMs - phase.fromMs)) / Math.max(1, phase.steadyFromMs - phase.fromMs)
    );
  }
}
