// What the live page shows of a run, put together from what the engine has measured so far.

import { availableParallelism } from 'node:os';
import { judgeGenerator, loopDelayLimitMs, loopUtilizationLimit } from '../analysis/generator-verdict.js';
import { errorFigures } from '../analysis/analyse.js';
import type { ErrorFigures } from '../analysis/record.js';
import type { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Second } from '../engine/timeline.js';
import type { Totals } from '../engine/totals.js';
import type { Phase } from '../profiles/schedule.js';
import type { Profile } from '../profiles/schema.js';
import type { LiveThreshold } from '../analysis/watched-threshold.js';

/** Locust's words for what a run is doing; `preparing` is ours: waiting until the target is ready. */
export type LiveState = 'ready' | 'preparing' | 'spawning' | 'running' | 'stopping' | 'stopped';

export interface LiveEndpoint {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly requests: number;
  readonly failed: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly meanBytes: number;
  /** Now: over the last few seconds. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Since the statistics began. */
  readonly totalPerSecond: number;
  readonly totalFailuresPerSecond: number;
}

/** How the generator itself is doing. */
export interface LiveGenerator {
  readonly level: 'good' | 'near' | 'over';
  readonly explanation: string;
  readonly workers: number;
  readonly cores: number;
  /** Of the latest second. */
  readonly loopDelayMs: number;
  readonly loopUtilization: number;
  readonly cpu: number;
}

export interface LiveRunFigures {
  readonly profile: string;
  readonly model: Profile['model'];
  readonly target: string;
  readonly seed: number;
  readonly workers: number;
  readonly elapsedMs: number;
  readonly totalMs: number;
  readonly warmupMs: number;
  /** A profile that looks for the knee steers its load itself. */
  readonly editable: boolean;
  /** What happened, in sentences; the latest is the last. */
  readonly notes: readonly string[];
  readonly phases: readonly Phase[];
  readonly endpoints: readonly LiveEndpoint[];
  readonly total: LiveEndpoint | null;
  readonly errors: readonly ErrorFigures[];
  readonly thresholds: readonly LiveThreshold[];
  readonly generator: LiveGenerator | null;
}

export interface LiveStatus {
  readonly state: LiveState;
  /** Absent before the first run. */
  readonly run: LiveRunFigures | null;
  /** Of the finished run, once it is written. */
  readonly report: {
    readonly id: string;
    readonly outcome: string;
    readonly reasons: readonly string[];
  } | null;
  /** What is being waited for. */
  readonly notice: string | null;
  /** Why a run could not be made. */
  readonly problem: string | null;
}

/** Locust's "current" figures are means over about so long; a single second jumps too much to be read. */
export const currentWindowSeconds = 10;

/** More kinds of failure than anybody reads. */
const maxErrors = 100;

export interface StatisticsSpan {
  readonly totals: Totals;
  readonly seconds: readonly Second[];
  /** Since the statistics were cleared, or since the start. */
  readonly spanMs: number;
}

export function liveTables({ totals, seconds, spanMs }: StatisticsSpan) {
  const recent = seconds.slice(-currentWindowSeconds);
  const recently = (value: (second: Second) => number) =>
    recent.length === 0 ? 0 : recent.reduce((sum, second) => sum + value(second), 0) / recent.length;
  const row = (
    names: Pick<LiveEndpoint, 'name' | 'method' | 'path'>,
    counts: { requests: number; failed: number; bytesReceived: number; times: LatencyHistogram },
    now: Pick<LiveEndpoint, 'requestsPerSecond' | 'failuresPerSecond'>,
  ): LiveEndpoint => ({
    ...names,
    requests: counts.requests,
    failed: counts.failed,
    ...latencies(counts.times),
    meanBytes: counts.requests === 0 ? 0 : counts.bytesReceived / counts.requests,
    ...now,
    totalPerSecond: perSecond(counts.requests, spanMs),
    totalFailuresPerSecond: perSecond(counts.failed, spanMs),
  });
  const endpoints = totals.byEndpoint.map((one) => {
    const { name, method, path } = one.endpoint;
    return row(
      { name, method, path },
      { ...counted(one), times: one.all },
      {
        requestsPerSecond: recently(({ endpoints: all }) => all[name]?.requests ?? 0),
        failuresPerSecond: recently(({ endpoints: all }) => all[name]?.failed ?? 0),
      },
    );
  });
  const sums = {
    requests: totals.sum('requests'),
    failed: totals.sum('failed'),
    bytesReceived: totals.sum('bytesReceived'),
  };
  const total = row(
    { name: 'Aggregated', method: '', path: '' },
    { ...sums, times: totals.durations() },
    {
      requestsPerSecond: recently(({ requests }) => requests),
      failuresPerSecond: recently(({ failed }) => failed),
    },
  );
  return { endpoints, total, errors: errorFigures(totals).slice(0, maxErrors) };
}

const counted = ({
  requests,
  failed,
  bytesReceived,
}: Record<'requests' | 'failed' | 'bytesReceived', number>) => ({
  requests,
  failed,
  bytesReceived,
});

const latencies = (times: LatencyHistogram) => ({
  meanMs: times.meanMs(),
  minMs: times.minMs(),
  maxMs: times.maxMs(),
  medianMs: times.percentileMs(50),
  p95Ms: times.percentileMs(95),
  p99Ms: times.percentileMs(99),
});

/** Past this share of a limit it is time to say so. */
const nearShare = 0.5;
const nearUtilization = 0.85;

export function liveGenerator(seconds: readonly Second[], workers: number): LiveGenerator | null {
  const latest = seconds.at(-1);
  if (!latest) return null;
  const { loopDelayP99Ms, loopUtilization, generatorCpu } = latest;
  const verdict = judgeGenerator(seconds, workers);
  const figures = {
    ...{ workers, cores: availableParallelism(), loopDelayMs: loopDelayP99Ms },
    ...{ loopUtilization, cpu: generatorCpu },
  };
  if (!verdict.valid || loopDelayP99Ms > loopDelayLimitMs || loopUtilization > loopUtilizationLimit) {
    const now = `The generator does not keep up: its event loop was ${loopDelayP99Ms.toFixed(0)} ms late in the last second (limit ${loopDelayLimitMs} ms) and busy for ${(loopUtilization * 100).toFixed(0)} % of it.`;
    return { level: 'over', explanation: verdict.valid ? now : verdict.explanation, ...figures };
  }
  if (loopDelayP99Ms > loopDelayLimitMs * nearShare || loopUtilization > nearUtilization) {
    const explanation = `The generator is near its limit: its event loop was ${loopDelayP99Ms.toFixed(0)} ms late (limit ${loopDelayLimitMs} ms) and busy for ${(loopUtilization * 100).toFixed(0)} % of the last second.`;
    return { level: 'near', explanation, ...figures };
  }
  return { level: 'good', explanation: 'The generator keeps up.', ...figures };
}

const perSecond = (count: number, spanMs: number): number => (spanMs > 0 ? (count / spanMs) * 1000 : 0);
