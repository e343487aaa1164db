// The one run the live page may have going: starts it, stops it, and tells everybody who watches.

import { EventEmitter } from 'node:events';
import type { ErrorTotal, EndpointTotals } from '../engine/totals.js';
import type { RunningLoad } from '../engine/run.js';
import type { Second } from '../engine/timeline.js';
import { checkRequest, perform } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { Schedule } from '../profiles/schedule.js';

/** Locust's words for what a run is doing. */
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
  readonly bytesReceived: number;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
}

export interface LiveError {
  readonly method: string;
  readonly path: string;
  readonly reason: string;
  readonly count: number;
}

export interface LiveStatus {
  readonly state: LiveState;
  readonly profile: string | null;
  readonly target: string | null;
  readonly elapsedMs: number;
  readonly totalMs: number;
  readonly users: number;
  readonly endpoints: readonly LiveEndpoint[];
  readonly errors: readonly LiveError[];
  /** Of the run before, once it is written. */
  readonly report: {
    readonly id: string;
    readonly outcome: string;
    readonly reasons: readonly string[];
  } | null;
  /** Why a run could not be made. */
  readonly problem: string | null;
}

/** Somebody asked for a second run at once. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** What the page's charts draw of a second; the histogram is left out. */
export type LiveSecond = Omit<Second, 'hdr' | 'endpoints'>;

export class LiveRun extends EventEmitter<{ change: [] }> {
  private state: LiveState = 'ready';
  private request: RunRequest | undefined;
  private running: RunningLoad | undefined;
  private preparation = new AbortController();
  private report: LiveStatus['report'] = null;
  private problem: string | null = null;
  private latest: Second | undefined;
  private playing: Promise<void> = Promise.resolve();

  constructor(private readonly resultsFolder: string) {
    super();
    // Every open page listens.
    this.setMaxListeners(0);
  }

  /** Throws when the run cannot be made. */
  start(request: RunRequest): void {
    if (this.state !== 'ready' && this.state !== 'stopped')
      throw new BusyError('a run is under way: stop it first');
    checkRequest(request);
    this.request = request;
    this.running = undefined;
    this.latest = undefined;
    this.report = null;
    this.problem = null;
    this.preparation = new AbortController();
    this.become('preparing');
    this.playing = this.play(request);
  }

  /** Resolves when no run is under way. */
  idle(): Promise<void> {
    return this.playing;
  }

  stop(): void {
    this.preparation.abort();
    if (this.state !== 'running' && this.state !== 'spawning') return;
    this.running?.stop();
    this.become('stopping');
  }

  get seconds(): LiveSecond[] {
    return (this.running?.timeline.seconds ?? []).map(
      ({ hdr: _hdr, endpoints: _endpoints, ...second }) => second,
    );
  }

  status(): LiveStatus {
    const { request, latest, state, report, problem } = this;
    const totals = this.running?.timeline.total;
    return {
      ...{ state, report, problem },
      ...(request ? described(request) : { profile: null, target: null, totalMs: 0 }),
      ...(latest
        ? { elapsedMs: (latest.second + 1) * 1000, users: latest.users }
        : { elapsedMs: 0, users: 0 }),
      endpoints: totals ? totals.byEndpoint.map((one) => liveEndpoint(one, latest)) : [],
      errors: totals ? totals.errors.slice(0, 50).map(liveError) : [],
    };
  }

  private async play(request: RunRequest): Promise<void> {
    const { signal } = this.preparation;
    try {
      const { run } = await perform(request, {
        readiness: { waitMs: 10_000, signal },
        signal,
        onStarted: (running) => {
          this.running = running;
          this.become('spawning');
        },
        onSecond: (second) => this.secondPassed(request, second),
        resultsFolder: this.resultsFolder,
      });
      const { outcome, reasons } = run.record.verdict;
      this.report = { id: run.record.id, outcome, reasons };
    } catch (error) {
      this.problem = signal.aborted ? null : (error as Error).message;
    }
    this.become('stopped');
  }

  private secondPassed(request: RunRequest, second: Second): void {
    this.latest = second;
    const schedule = new Schedule(request.profile.stages);
    const elapsedMs = (second.second + 1) * 1000;
    const phase = schedule.phases.find(({ toMs }) => elapsedMs < toMs);
    if (this.state === 'spawning' || this.state === 'running') {
      this.state = phase && elapsedMs < phase.steadyFromMs ? 'spawning' : 'running';
    }
    this.emit('change');
  }

  private become(state: LiveState): void {
    this.state = state;
    this.emit('change');
  }
}

const described = ({ profile, baseUrl }: RunRequest) => ({
  profile: profile.name,
  target: baseUrl,
  totalMs: new Schedule(profile.stages).durationMs,
});

function liveEndpoint(one: EndpointTotals, latest: Second | undefined): LiveEndpoint {
  const all = one.all;
  const now = latest?.endpoints[one.endpoint.name];
  return {
    name: one.endpoint.name,
    method: one.endpoint.method,
    path: one.endpoint.path,
    requests: one.requests,
    failed: one.failed,
    meanMs: all.meanMs(),
    minMs: all.minMs(),
    maxMs: all.maxMs(),
    medianMs: all.percentileMs(50),
    p95Ms: all.percentileMs(95),
    p99Ms: all.percentileMs(99),
    bytesReceived: one.bytesReceived,
    requestsPerSecond: now?.requests ?? 0,
    failuresPerSecond: now?.failed ?? 0,
  };
}

const liveError = ({ endpoint, reason, count }: ErrorTotal): LiveError => ({
  method: endpoint.method,
  path: endpoint.path,
  reason,
  count,
});
