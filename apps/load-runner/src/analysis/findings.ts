// What the companions of a run find out beside its load, each part of it as run.json has it.

/** One second of the system under test: `edge-gateway.cpu`, `postgres.connections`, `machine.disk_read` and so on. */
export interface SystemSecond {
  readonly second: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What a part of the system used while it was measured. */
export interface PartFigures {
  readonly name: string;
  /** Cores, on average and in the busiest second. */
  readonly cpuMean: number;
  readonly cpuMax: number;
  readonly rssBytesMax: number;
  /** Milliseconds of CPU for each request of the load: the service demand, D = U/X (utilisation law). */
  readonly demandMs: number;
}

export interface StatementFigures {
  readonly database: string;
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

export interface BottleneckFigures {
  readonly resource: string;
  /** Busy share in the busiest steady stretch, 0..1. */
  readonly utilisation: number;
  /** Busy milliseconds of its servers for each request of the load, D = U · m / X. */
  readonly demandMs: number;
  /** Requests a second at which it would be busy all the time, m / D; null when it had nothing to do. */
  readonly maxPerSecond: number | null;
  readonly saturatedAtSecond: number | null;
  /** What points at it, a sentence each, the strongest first. */
  readonly signs: readonly string[];
}

export interface SystemFigures {
  readonly parts: readonly PartFigures[];
  readonly statements: readonly StatementFigures[];
  /** The most saturated first. */
  readonly bottlenecks: readonly BottleneckFigures[];
  /** What could not be collected, and why. */
  readonly missing: readonly string[];
}

export interface LeakFigures {
  readonly part: string;
  /** heap, rss, handles, fds, pool_connections, connections or clients: the floor it falls back to. */
  readonly metric: string;
  /** When the run had settled. */
  readonly start: number;
  /** Growth an hour as a share of the start, with its 95 % confidence interval. */
  readonly growthPerHour: number;
  readonly low: number;
  readonly high: number;
  readonly leaking: boolean;
}

/** One question of the audit after the run. */
export interface AuditCheck {
  readonly name: string;
  readonly examined: number;
  /** One is enough to fail the run. */
  readonly violations: number;
  /** The first few, a sentence each. */
  readonly examples: readonly string[];
  /** How many were examined of how many. */
  readonly note: string;
}

export interface FaultFigures {
  readonly atSecond: number;
  readonly part: string;
  readonly action: string;
  readonly forMs: number;
  /** Failed requests by reason, from the fault until recovery. */
  readonly errors: Readonly<Record<string, number>>;
  /** Good answers that the steady state before it would have given and that did not come. */
  readonly goodputLost: number;
  /** Of the response times from the fault until recovery. */
  readonly p95Ms: number;
  readonly recoverySeconds: number | null;
  readonly ok: boolean;
  readonly verdict: string;
}

export interface KneeStep {
  /** What was asked for, and the second of the run from which it was measured. */
  readonly ratePerSecond: number;
  readonly atSecond: number;
  readonly offeredPerSecond: number;
  /** Answers as expected. */
  readonly achievedPerSecond: number;
  /** Of response times. */
  readonly p95Ms: number;
  readonly failedShare: number;
  readonly sustainable: boolean;
  /** Why not. */
  readonly reason: string;
}

export interface KneeFigures {
  readonly steps: readonly KneeStep[];
  readonly sustainablePerSecond: number;
  /** The lowest that was not; null when none was tried. */
  readonly brokenPerSecond: number | null;
  /** The generator, not the system, did not keep up at `brokenPerSecond`. */
  readonly generatorLimited: boolean;
  readonly explanation: string;
}

export interface SessionFigures {
  readonly wanted: number;
  /** The run's own, counted in Redis before and after the load; with a file of tokens, all that Redis has. */
  readonly liveBefore: number;
  readonly liveAfter: number;
  readonly used: number;
  readonly redisBytes: number;
  readonly redisBytesPerSession: number;
  readonly generatorBytes: number;
}

/** This machine's own ceiling, as `calibrate` found it. */
export interface CalibrationFigures {
  readonly measuredAt: string;
  readonly ceilingPerSecond: number;
  readonly cpuMicrosPerRequest: number;
  /** Requests in the run's busiest second as a share of the ceiling. */
  readonly share: number;
}

/** How a system fared that was sent the seconds of the run while it went on. */
export interface OutputFigures {
  readonly kind: 'influxdb' | 'prometheus' | 'prometheus-rw';
  readonly target: string;
  /** Seconds that it took, and seconds that were given up. */
  readonly delivered: number;
  readonly dropped: number;
  /** The first thing that went wrong; null when nothing did. */
  readonly trouble: string | null;
}

/** What companions of the run found out; thresholds may ask for it. */
export interface Findings {
  readonly system?: SystemFigures;
  /** Absent when the run does not look for any, or cannot tell: `system.missing` says why. */
  readonly leaks?: readonly LeakFigures[];
  readonly audit?: readonly AuditCheck[];
  readonly faults?: readonly FaultFigures[];
  readonly knee?: KneeFigures;
  readonly sessions?: SessionFigures;
  readonly calibration?: CalibrationFigures;
  readonly outputs?: readonly OutputFigures[];
}
