// Puts the workers' seconds together: figures for each second of the run, and totals for the whole and for each stage.

import type { Profile } from '../profiles/schema.js';
import { Schedule, type Phase } from '../profiles/schedule.js';
import type { Delta } from './delta.js';
import { Totals, type EndpointTotals } from './totals.js';

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

export interface StageTotals {
  readonly phase: Phase;
  /** Whole seconds in which the number of users stood still. */
  seconds: number;
  readonly totals: Totals;
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

  constructor(
    private readonly profile: Profile,
    workers: number,
    private readonly onSecond: (second: Second) => void,
  ) {
    this.reported = Array.from({ length: workers }, () => -1);
    this.stages = new Schedule(profile.stages).phases.map((phase) => ({
      phase,
      seconds: 0,
      totals: new Totals(),
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
    const totals = new Totals();
    const warmup = second * 1000 < this.profile.warmupMs;
    const stage = this.stages.find(
      ({ phase }) => second * 1000 >= phase.steadyFromMs && (second + 1) * 1000 <= phase.toMs,
    );
    for (const delta of deltas) {
      totals.merge(delta);
      this.total.merge(delta);
      if (!warmup) this.measured.merge(delta);
      stage?.totals.merge(delta);
    }
    if (stage) stage.seconds++;
    const figures = secondFigures(second, warmup, totals, deltas);
    this.seconds.push(figures);
    this.onSecond(figures);
  }
}

function secondFigures(second: number, warmup: boolean, totals: Totals, deltas: readonly Delta[]): Second {
  const all = totals.durations();
  const sum = (value: (delta: Delta) => number) => deltas.reduce((total, delta) => total + value(delta), 0);
  const worst = (value: (delta: Delta) => number) => round(Math.max(0, ...deltas.map(value)));
  return {
    second,
    warmup,
    users: sum((delta) => delta.users),
    inFlight: sum((delta) => delta.inFlight),
    requests: totals.sum('requests'),
    failed: totals.sum('failed'),
    lost: totals.sum('lost'),
    timeouts: totals.sum('timeouts'),
    refused: totals.sum('refused'),
    iterations: totals.counters.iterations,
    checksFailed: totals.checks.reduce((count, check) => count + check.fails, 0),
    bytesReceived: totals.sum('bytesReceived'),
    bytesSent: totals.sum('bytesSent'),
    meanMs: round(all.meanMs()),
    p50Ms: round(all.percentileMs(50)),
    p90Ms: round(all.percentileMs(90)),
    p95Ms: round(all.percentileMs(95)),
    p99Ms: round(all.percentileMs(99)),
    maxMs: round(all.maxMs()),
    loopDelayP99Ms: worst((delta) => delta.health.loopDelayP99Ms),
    loopUtilization: worst((delta) => delta.health.loopUtilization),
    generatorCpu: round(sum((delta) => delta.health.cpu)),
    hdr: all.encode(),
    endpoints: Object.fromEntries(totals.byEndpoint.map((one) => [one.endpoint.name, endpointSecond(one)])),
  };
}

function endpointSecond(one: EndpointTotals): EndpointSecond {
  const all = one.all;
  return {
    requests: one.requests,
    failed: one.failed,
    p50Ms: round(all.percentileMs(50)),
    p95Ms: round(all.percentileMs(95)),
  };
}
