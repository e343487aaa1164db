// Puts the workers' seconds together: figures for each second of the run, and totals for the whole and for each stage.

import type { Profile } from '../profiles/schema.js';
import { Schedule, type Phase } from '../profiles/schedule.js';
import { endpoints } from '../users/endpoint.js';
import { counterNames, noCounters, type Counters, type Delta, type EndpointDelta } from './delta.js';
import { LatencyHistogram } from './latency-histogram.js';
import { Totals } from './totals.js';

export interface EndpointSecond {
  readonly requests: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** One second of the run as reports draw it. */
export interface Second {
  readonly second: number;
  readonly warmup: boolean;
  readonly users: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly timeouts: number;
  readonly refused: number;
  readonly iterations: number;
  readonly checksFailed: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly loopDelayP99Ms: number;
  readonly loopUtilization: number;
  readonly generatorCpu: number;
  readonly endpoints: Readonly<Record<string, EndpointSecond>>;
  /** Service times of all requests in HdrHistogram's V2 format, so that any window can be put together later. */
  readonly hdr: string;
}

/** What a stage did while its number of users stood still: whole seconds only. */
export interface StageTotals {
  readonly phase: Phase;
  seconds: number;
  requests: number;
  failed: number;
  readonly durations: LatencyHistogram;
  readonly counters: Counters;
}

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export class Timeline {
  /** All seconds after the warm-up. */
  readonly measured = new Totals();
  /** The whole run, warm-up included: what a live view shows. */
  readonly total = new Totals();
  readonly seconds: Second[] = [];
  readonly stages: readonly StageTotals[];
  private readonly pending = new Map<number, Delta[]>();
  private readonly reported: number[];
  /** Every second needs a histogram, but only for a moment. */
  private readonly scratch = new LatencyHistogram();

  constructor(
    private readonly profile: Profile,
    workers: number,
    private readonly onSecond: (second: Second) => void,
  ) {
    this.reported = Array.from({ length: workers }, () => -1);
    this.stages = new Schedule(profile.stages).phases.map((phase) => ({
      ...{ phase, seconds: 0, requests: 0, failed: 0 },
      durations: new LatencyHistogram(),
      counters: noCounters(),
    }));
  }

  add(delta: Delta): void {
    const same = this.pending.get(delta.second);
    if (same) same.push(delta);
    else this.pending.set(delta.second, [delta]);
    this.reported[delta.worker] = delta.second;
    this.close(Math.min(...this.reported));
  }

  /** A worker that is done holds no second open any more. */
  workerDone(worker: number): void {
    this.reported[worker] = Infinity;
    this.close(Math.min(...this.reported));
  }

  private close(upTo: number): void {
    for (const second of [...this.pending.keys()].sort((a, b) => a - b)) {
      if (second > upTo) return;
      const deltas = this.pending.get(second) ?? [];
      this.pending.delete(second);
      this.closeSecond(second, deltas);
    }
  }

  private closeSecond(second: number, deltas: readonly Delta[]): void {
    const warmup = second * 1000 < this.profile.warmupMs;
    const stage = this.stages.find(
      ({ phase }) => second * 1000 >= phase.steadyFromMs && (second + 1) * 1000 <= phase.toMs,
    );
    for (const delta of deltas) {
      this.total.merge(delta);
      if (!warmup) this.measured.merge(delta);
      if (stage) addToStage(stage, delta);
    }
    if (stage) stage.seconds++;
    const figures = secondFigures({ second, warmup }, deltas, this.scratch);
    this.seconds.push(figures);
    this.onSecond(figures);
  }
}

function addToStage(stage: StageTotals, delta: Delta): void {
  for (const { requests, failed, ok, unexpected } of delta.endpoints) {
    stage.requests += requests;
    stage.failed += failed;
    if (ok) stage.durations.merge(ok);
    if (unexpected) stage.durations.merge(unexpected);
  }
  for (const name of counterNames) stage.counters[name] += delta.counters[name];
}

function secondFigures(
  when: Pick<Second, 'second' | 'warmup'>,
  deltas: readonly Delta[],
  scratch: LatencyHistogram,
): Second {
  const parts = deltas.flatMap((delta) => delta.endpoints);
  const sum = (value: (delta: Delta) => number) => deltas.reduce((total, delta) => total + value(delta), 0);
  const worst = (value: (delta: Delta) => number) => round(Math.max(0, ...deltas.map(value)));
  return {
    ...when,
    users: sum((delta) => delta.users),
    inFlight: sum((delta) => delta.inFlight),
    ...counts(parts),
    iterations: sum((delta) => delta.counters.iterations),
    checksFailed: sum((delta) => delta.checks.reduce((count, check) => count + check.fails, 0)),
    ...latencies(parts, scratch),
    loopDelayP99Ms: worst((delta) => delta.health.loopDelayP99Ms),
    loopUtilization: worst((delta) => delta.health.loopUtilization),
    generatorCpu: round(sum((delta) => delta.health.cpu)),
    endpoints: byEndpoint(parts, scratch),
  };
}

function counts(parts: readonly EndpointDelta[]) {
  const sum = (value: (part: EndpointDelta) => number) =>
    parts.reduce((total, part) => total + value(part), 0);
  return {
    requests: sum((part) => part.requests),
    failed: sum((part) => part.failed),
    lost: sum((part) => part.lost),
    timeouts: sum((part) => part.timeouts),
    refused: sum((part) => part.refused),
    bytesReceived: sum((part) => part.bytesReceived),
    bytesSent: sum((part) => part.bytesSent),
  };
}

function latencies(parts: readonly EndpointDelta[], scratch: LatencyHistogram) {
  const all = refill(scratch, parts);
  return {
    meanMs: round(all.meanMs()),
    p50Ms: round(all.percentileMs(50)),
    p90Ms: round(all.percentileMs(90)),
    p95Ms: round(all.percentileMs(95)),
    p99Ms: round(all.percentileMs(99)),
    maxMs: round(all.maxMs()),
    hdr: all.encode(),
  };
}

function byEndpoint(
  parts: readonly EndpointDelta[],
  scratch: LatencyHistogram,
): Record<string, EndpointSecond> {
  const figures: Record<string, EndpointSecond> = {};
  for (const { index, name } of endpoints) {
    const own = parts.filter((part) => part.endpoint === index);
    if (own.length === 0) continue;
    const { requests, failed } = counts(own);
    const all = refill(scratch, own);
    figures[name] = {
      requests,
      failed,
      p50Ms: round(all.percentileMs(50)),
      p95Ms: round(all.percentileMs(95)),
    };
  }
  return figures;
}

function refill(scratch: LatencyHistogram, parts: readonly EndpointDelta[]): LatencyHistogram {
  scratch.reset();
  for (const { ok, unexpected } of parts) {
    if (ok) scratch.merge(ok);
    if (unexpected) scratch.merge(unexpected);
  }
  return scratch;
}
