// Puts the workers' seconds together: figures for each second of the run, and totals for the whole and for each stage.

import type { Profile, Stage } from '../profiles/schema.js';
import { Schedule, type Phase } from '../profiles/schedule.js';
import { endpoints } from '../users/endpoint.js';
import type { Counters, Delta, EndpointDelta } from './delta.js';
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
  /** Closed: active users. Open: connections, idle ones included, as k6 counts users of its arrival-rate executors. 0 once nothing new is asked. */
  readonly users: number;
  /** Requests that wait for their answer. */
  readonly inFlight: number;
  /** Arrivals of the second; closed: requests that users wanted. */
  readonly offered: number;
  readonly started: number;
  readonly dropped: number;
  /** Arrivals that wait for a connection at the end of the second. */
  readonly queued: number;
  readonly lateStarts: number;
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly timeouts: number;
  readonly refused: number;
  readonly iterations: number;
  readonly checksFailed: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Service times: from the first byte sent. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Response times: from when the request was wanted. */
  readonly responseP50Ms: number;
  readonly responseP95Ms: number;
  readonly responseP99Ms: number;
  readonly loopDelayP99Ms: number;
  readonly loopUtilization: number;
  readonly generatorCpu: number;
  /** Failures by reason. */
  readonly errors: Readonly<Record<string, number>>;
  readonly endpoints: Readonly<Record<string, EndpointSecond>>;
  /** Service times of all requests in HdrHistogram's V2 format, so that any window can be put together later. */
  readonly hdr: string;
  /** Response times, likewise. */
  readonly responseHdr: string;
}

/** What a stage did while its level stood still: whole seconds only. */
export class StageTotals {
  seconds = 0;
  readonly totals = new Totals();

  constructor(public phase: Phase) {}

  get requests(): number {
    return this.totals.sum('requests');
  }

  get failed(): number {
    return this.totals.sum('failed');
  }

  /** Service times. */
  get durations(): LatencyHistogram {
    return this.totals.durations();
  }

  get counters(): Readonly<Counters> {
    return this.totals.counters;
  }
}

/** A second is over in all workers: its figures, and what they were made from. */
export type OnSecond = (second: Second, deltas: readonly Delta[]) => void;

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export class Timeline {
  /** All seconds after the warm-up. */
  readonly measured = new Totals();
  private live = new Totals();
  readonly seconds: Second[] = [];
  private plan: Schedule;
  private byStage: readonly StageTotals[];
  /** What the workers told of the second that was closed last: outputs send its histograms on, endpoint by endpoint. */
  latest: readonly Delta[] = [];
  private readonly pending = new Map<number, Delta[]>();
  /** The last second of each worker that has reported. */
  private readonly reported = new Map<number, number>();
  /** Every second needs a histogram, but only for a moment. */
  private readonly scratch = new LatencyHistogram();

  constructor(
    private readonly profile: Profile,
    private readonly workers: number,
    private readonly onSecond: OnSecond,
  ) {
    this.plan = new Schedule(profile.stages);
    this.byStage = this.plan.phases.map((phase) => new StageTotals(phase));
  }

  /** The stages as they are played, which is not what the profile says once the run was replanned. */
  get schedule(): Schedule {
    return this.plan;
  }

  get stages(): readonly StageTotals[] {
    return this.byStage;
  }

  /** From `atMs` on these stages: the one under way is cut short, those to come give way to the new ones. */
  replan(atMs: number, stages: readonly Stage[]): void {
    const past = this.plan.cutAt(atMs);
    this.plan = past.followedBy(stages);
    this.byStage = this.plan.phases.map((phase, index) => {
      const known = index < past.phases.length ? this.byStage[index] : undefined;
      if (!known) return new StageTotals(phase);
      known.phase = phase;
      return known;
    });
  }

  /** The whole run, warm-up included, or what came since it was cleared: what a live view shows. */
  get total(): Totals {
    return this.live;
  }

  /** For a live view that wants to look at what comes now; what the run is judged by stays. */
  clearTotal(): void {
    this.live = new Totals();
  }

  add(delta: Delta): void {
    const same = this.pending.get(delta.second);
    if (same) same.push(delta);
    else this.pending.set(delta.second, [delta]);
    this.heardOf(delta.worker, delta.second);
  }

  /** A worker that is done holds no second open any more. */
  workerDone(worker: number): void {
    this.heardOf(worker, Infinity);
  }

  /** A second is closed when every worker has reported it. */
  private heardOf(worker: number, second: number): void {
    this.reported.set(worker, second);
    if (this.reported.size === this.workers) this.close(Math.min(...this.reported.values()));
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
    const stage = this.byStage.find(
      ({ phase }) => second * 1000 >= phase.steadyFromMs && (second + 1) * 1000 <= phase.toMs,
    );
    for (const delta of deltas) {
      this.live.merge(delta);
      if (!warmup) this.measured.merge(delta);
      stage?.totals.merge(delta);
    }
    if (stage) stage.seconds++;
    this.latest = deltas;
    const figures = secondFigures({ second, warmup }, deltas, this.scratch);
    this.seconds.push(figures);
    this.onSecond(figures, deltas);
  }
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
    queued: sum((delta) => delta.queued),
    offered: sum((delta) => delta.counters.offered),
    started: sum((delta) => delta.counters.started),
    dropped: sum((delta) => delta.counters.dropped),
    lateStarts: sum((delta) => delta.counters.lateStarts),
    ...counts(parts),
    iterations: sum((delta) => delta.counters.iterations),
    checksFailed: sum((delta) => delta.checks.reduce((count, check) => count + check.fails, 0)),
    ...latencies(parts, scratch),
    ...responses(parts, scratch),
    loopDelayP99Ms: worst((delta) => delta.health.loopDelayP99Ms),
    loopUtilization: worst((delta) => delta.health.loopUtilization),
    generatorCpu: round(sum((delta) => delta.health.cpu)),
    errors: byReason(deltas),
    endpoints: byEndpoint(parts, scratch),
  };
}

function byReason(deltas: readonly Delta[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const { reason, count } of deltas.flatMap((delta) => delta.errors))
    errors[reason] = (errors[reason] ?? 0) + count;
  return errors;
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

function responses(parts: readonly EndpointDelta[], scratch: LatencyHistogram) {
  scratch.reset();
  for (const { responseOk, responseUnexpected } of parts) {
    if (responseOk) scratch.merge(responseOk);
    if (responseUnexpected) scratch.merge(responseUnexpected);
  }
  return {
    responseP50Ms: round(scratch.percentileMs(50)),
    responseP95Ms: round(scratch.percentileMs(95)),
    responseP99Ms: round(scratch.percentileMs(99)),
    responseHdr: scratch.encode(),
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
