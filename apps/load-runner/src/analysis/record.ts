// The shape of run.json: everything about a run except its time series, so that every report can be made from it again.

import type { Outcome } from '../engine/exchange.js';
import type { Tracing } from '../engine/trace-context.js';
import type { Profile } from '../profiles/schema.js';
import type { MetricType } from '../profiles/metric-catalogue.js';
import type { Findings } from './findings.js';

/** Milliseconds; percentiles come from HDR histograms and are within 0.1 %. */
export interface LatencyFigures {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p75Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** The whole histogram in HdrHistogram's V2 format, µs, base64. */
  readonly hdr: string;
}

export interface EndpointFigures {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly timeouts: number;
  readonly refused: number;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /**
   * Service time, from the first byte sent: all answers, whatever their status, and time-outs at their full length. Lost
   * and refused requests have no latency.
   */
  readonly latency: LatencyFigures;
  /** Response time of the same, from when the request was wanted: what users feel. */
  readonly response: LatencyFigures;
}

export interface ErrorFigures {
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  readonly reason: string;
  readonly count: number;
  readonly firstSecond: number;
  readonly lastSecond: number;
}

export interface CheckFigures {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** The values of a metric as k6 gives them: milliseconds, bytes, counts, shares from 0 to 1. */
export interface MetricFigures {
  readonly type: MetricType;
  readonly contains: 'time' | 'data' | 'default';
  readonly samples: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface ThresholdResult {
  /** As the profile has it: `http_req_duration{name:login}`. */
  readonly metric: string;
  readonly condition: string;
  /** Absent when it is held against the whole run. */
  readonly windowMs?: number;
  readonly ok: boolean;
  /** Of the whole run, or of the worst window. Absent when there are no samples, which fails. */
  readonly actual?: number;
  /** Seconds from the start of the run to the end of the worst window. */
  readonly worstAtSecond?: number;
  /** Why it failed, when no figure tells: what was missing, and when. */
  readonly reason?: string;
}

/** N = X·(R+Z), which must hold for any system in a steady state: a gap means that something was measured wrongly. */
export interface LittleCheck {
  /** Active users; in the open model requests that have arrived and are not answered. */
  readonly users: number;
  readonly requestsPerSecond: number;
  readonly responseMs: number;
  readonly thinkMs: number;
  /** |N − X·(R+Z)| / N */
  readonly gap: number;
  /** Whether the stage was steady and long enough for the law to be held against it. */
  readonly conclusive: boolean;
}

/** One of the requests that took longest. */
export interface SlowRequest {
  readonly traceId: string;
  /** Whether its trace was marked as sampled, so that a tracing system keeps it. */
  readonly sampled: boolean;
  readonly endpoint: string;
  readonly method: string;
  /** The endpoint's template, and what was asked for. */
  readonly path: string;
  readonly requestPath: string;
  /** 0 when nothing came back. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly responseMs: number;
  readonly serviceMs: number;
  /** Of the run, warm-up included, in which it was wanted. */
  readonly second: number;
  /** Position in `stages`. */
  readonly stage: number;
}

export interface StageFigures {
  /** Users, or in the open model requests per second. */
  readonly level: number;
  readonly fromLevel: number;
  readonly fromMs: number;
  readonly steadyFromMs: number;
  readonly toMs: number;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly requestsPerSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly responseP50Ms: number;
  readonly responseP95Ms: number;
  readonly responseP99Ms: number;
  readonly offered: number;
  readonly started: number;
  readonly dropped: number;
  readonly little: LittleCheck | null;
}

/** How the system came out of a spike: the p95 of a calm stage before it against the calm stage after it. */
export interface Recovery {
  readonly beforeUsers: number;
  readonly spikeUsers: number;
  readonly beforeP95Ms: number;
  readonly spikeP95Ms: number;
  readonly afterP95Ms: number;
  /** after / before */
  readonly ratio: number;
  /** From the end of the spike until p95 was back near what it was before; null when it never was. */
  readonly seconds: number | null;
}

export interface GeneratorVerdict {
  readonly valid: boolean;
  readonly explanation: string;
  readonly workers: number;
  /** Of the worst second and worker. */
  readonly loopDelayP99Ms: number;
  /** Of the busiest worker, on average. */
  readonly loopUtilization: number;
  /** Cores, all workers together, on average. */
  readonly cpu: number;
  readonly overloadedSeconds: number;
  readonly measuredSeconds: number;
}

export interface Verdict {
  readonly exitCode: number;
  readonly outcome: 'passed' | 'failed' | 'interrupted' | 'invalid';
  /** One sentence each, the most important first. */
  readonly reasons: readonly string[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
}

export interface RunRecord extends Findings {
  readonly format: 2;
  readonly id: string;
  readonly profile: Profile;
  readonly baseUrl: string;
  readonly seed: number;
  /** Only part of the load: `of` processes played it together, this one the part `index`, counted from 0. */
  readonly shard?: { readonly index: number; readonly of: number };
  readonly tags: Readonly<Record<string, string>>;
  readonly git: { readonly revision: string; readonly dirty: boolean } | null;
  readonly machine: Machine;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly measuredMs: number;
  readonly verdict: Verdict;
  readonly thresholds: readonly ThresholdResult[];
  readonly metrics: Readonly<Record<string, MetricFigures>>;
  readonly total: EndpointFigures;
  readonly endpoints: readonly EndpointFigures[];
  readonly errors: readonly ErrorFigures[];
  readonly checks: readonly CheckFigures[];
  readonly stages: readonly StageFigures[];
  readonly recoveries: readonly Recovery[];
  /** As it was asked for; absent when requests carried no trace context, and so is `slowest`. */
  readonly trace?: Tracing;
  /** Of the measured part, slowest first. */
  readonly slowest?: readonly SlowRequest[];
  readonly generator: GeneratorVerdict;
}
