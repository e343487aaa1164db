// How much load there is at which moment, in users or in requests a second: a profile's stages, bent by the command line.

import { shortestStepMs } from './search-schema.js';
import type { Profile, Stage, Threshold } from './schema.js';

export interface ScheduleOverrides {
  /** Users of the highest stage; the others keep their proportion to it. */
  readonly users?: number;
  /** Users started (or stopped) per second in every ramp. */
  readonly spawnRatePerSecond?: number;
  /** Length of the whole run; all stages stretch or shrink alike. */
  readonly runTimeMs?: number;
  /** Factor on every duration of the schedule. */
  readonly scale?: number;
}

/** The profile with the command line's wishes worked in, so that everything after sees only one truth. */
export function override(profile: Profile, overrides: ScheduleOverrides): Profile {
  const totalMs = sum(profile.stages.map((stage) => stage.rampMs + stage.holdMs));
  const factor =
    (overrides.runTimeMs === undefined ? 1 : overrides.runTimeMs / totalMs) * (overrides.scale ?? 1);
  const peak = Math.max(...profile.stages.map((stage) => stage.level));
  const share = overrides.users === undefined ? 1 : overrides.users / peak;
  const stages = profile.stages.map((stage) => ({
    level: stage.level === 0 ? 0 : Math.max(1, Math.round(stage.level * share)),
    rampMs: stage.rampMs * factor,
    holdMs: stage.holdMs * factor,
  }));
  return {
    ...profile,
    stages: overrides.spawnRatePerSecond ? withSpawnRate(stages, overrides.spawnRatePerSecond) : stages,
    warmupMs: profile.warmupMs * factor,
    search: profile.search && {
      ...profile.search,
      stepMs: Math.max(shortestStepMs, profile.search.stepMs * factor),
    },
    // A part that is away for less than a second is hardly noticed.
    faults: profile.faults.map((fault) => ({
      ...fault,
      atMs: fault.atMs * factor,
      forMs: Math.max(Math.min(1000, fault.forMs), fault.forMs * factor),
    })),
    thresholds: Object.fromEntries(
      Object.entries(profile.thresholds).map(([selector, all]) => [
        selector,
        all.map((one) => scaled(one, factor)),
      ]),
    ),
  };
}

/** Windows shrink with a run that they would not fit into any more; in a longer one they stay as strict as they are. */
const scaled = (threshold: Threshold, factor: number): Threshold => ({
  ...threshold,
  windowMs: Math.ceil((threshold.windowMs * Math.min(1, factor)) / 1000) * 1000,
  delayAbortEvalMs: threshold.delayAbortEvalMs * factor,
});

/** A faster ramp leaves more of the stage to hold; a slower one eats the hold and, if it must, lengthens the stage. */
function withSpawnRate(stages: readonly Stage[], perSecond: number): Stage[] {
  return stages.map((stage, index) => {
    const before = stages[index - 1]?.level ?? 0;
    const rampMs = (Math.abs(stage.level - before) / perSecond) * 1000;
    return { ...stage, rampMs, holdMs: Math.max(0, stage.rampMs + stage.holdMs - rampMs) };
  });
}

export interface Phase {
  /** The level from which the ramp starts. */
  readonly fromLevel: number;
  /** Users, or in the open model requests per second, at the end of the ramp and after it. */
  readonly level: number;
  readonly fromMs: number;
  /** When the ramp is over and the level stands still. */
  readonly steadyFromMs: number;
  readonly toMs: number;
}

export class Schedule {
  readonly phases: readonly Phase[];
  readonly durationMs: number;
  readonly peakLevel: number;

  constructor(stages: readonly Stage[], before: readonly Phase[] = []) {
    let clockMs = before.at(-1)?.toMs ?? 0;
    let fromLevel = before.at(-1)?.level ?? 0;
    const added = stages.map(({ level, rampMs, holdMs }) => {
      const steadyFromMs = clockMs + rampMs;
      const phase = { fromLevel, level, fromMs: clockMs, steadyFromMs, toMs: steadyFromMs + holdMs };
      clockMs = phase.toMs;
      fromLevel = level;
      return phase;
    });
    this.phases = [...before, ...added];
    this.durationMs = clockMs;
    this.peakLevel = Math.max(0, ...this.phases.map((phase) => phase.level));
  }

  /** The level so long after the start: a straight line in a ramp, then flat. */
  levelAt(elapsedMs: number): number {
    if (elapsedMs < 0 || elapsedMs >= this.durationMs) return 0;
    const phase = this.phases.find(({ toMs }) => elapsedMs < toMs);
    return phase ? levelWithin(phase, elapsedMs) : 0;
  }

  /** What this schedule has until then: a ramp under way ends at the level it has reached. */
  cutAt(elapsedMs: number): Schedule {
    const kept = this.phases.filter(({ fromMs }) => fromMs < elapsedMs);
    const last = kept.pop();
    if (!last) return new Schedule([]);
    const toMs = Math.min(last.toMs, elapsedMs);
    const steadyFromMs = Math.min(last.steadyFromMs, toMs);
    return new Schedule([], [...kept, { ...last, level: levelWithin(last, toMs), steadyFromMs, toMs }]);
  }

  /** Goes on with these stages after its end; a ramp starts from the level that it ends with. */
  followedBy(stages: readonly Stage[]): Schedule {
    return new Schedule(stages, this.phases);
  }
}

function levelWithin({ fromLevel, level, fromMs, steadyFromMs }: Phase, elapsedMs: number): number {
  if (elapsedMs >= steadyFromMs) return level;
  return fromLevel + (level - fromLevel) * ((elapsedMs - fromMs) / (steadyFromMs - fromMs));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
