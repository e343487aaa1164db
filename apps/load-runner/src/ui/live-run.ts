// The one run the live page may have going: starts it, changes it, stops it, and tells everybody who watches.

import { EventEmitter } from 'node:events';
import { unjudgedBaseline } from '../analysis/unjudged-baseline.js';
import type { LiveThreshold } from '../analysis/watched-threshold.js';
import type { RunningLoad } from '../engine/run.js';
import type { Second } from '../engine/timeline.js';
import { checkRequest, perform } from '../perform.js';
import type { RunRequest } from '../run-request.js';
import { Schedule } from '../profiles/schedule.js';
import { restOfRun, type LoadEdit } from './load-edit.js';
import {
  liveGenerator,
  liveTables,
  type LiveRunFigures,
  type LiveState,
  type LiveStatus,
  type StatisticsSpan,
} from './live-status.js';

/** Somebody asked for a second run at once. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** What the page's charts draw of a second; histograms are left out. */
export type LiveSecond = Omit<Second, 'hdr' | 'responseHdr' | 'endpoints'>;

const readinessWaitMs = 10_000;
/** More lines than anybody reads back. */
const maxNotes = 50;

export class LiveRun extends EventEmitter<{ change: [] }> {
  private state: LiveState = 'ready';
  private request: RunRequest | undefined;
  private running: RunningLoad | undefined;
  private lamps: readonly LiveThreshold[] = [];
  /** How many seconds of the run lie before the statistics were cleared. */
  private clearedSeconds = 0;
  private preparation = new AbortController();
  private report: LiveStatus['report'] = null;
  private notice: string | null = null;
  /** What happened in the run that is worth a line. */
  private notes: readonly string[] = [];
  private problem: string | null = null;
  private playing: Promise<void> = Promise.resolve();
  /** Put together once for all who watch. */
  private known: LiveStatus | undefined;

  constructor(private readonly resultsFolder: string) {
    super();
    // Every open page listens.
    this.setMaxListeners(0);
  }

  get isOver(): boolean {
    return this.state === 'ready' || this.state === 'stopped';
  }

  /** Throws when the run cannot be made. */
  start(request: RunRequest): void {
    if (!this.isOver) throw new BusyError('a run is under way: stop it first');
    checkRequest(request);
    this.request = request;
    this.running = undefined;
    this.lamps = [];
    const note = unjudgedBaseline(request.profile);
    this.notes = note === undefined ? [] : [note];
    this.clearedSeconds = 0;
    this.report = null;
    this.problem = null;
    this.preparation = new AbortController();
    this.become('preparing');
    this.playing = this.play(request);
  }

  /** Changes the load of the run under way, from now on; throws when there is none that could be changed. */
  edit(edit: LoadEdit): void {
    const { running } = this;
    if (!running || (this.state !== 'running' && this.state !== 'spawning'))
      throw new BusyError('the run has not begun yet or is about to end: it cannot be changed now');
    if (this.request?.profile.search)
      throw new BusyError('this profile looks for its load by itself: it can be stopped, but not changed');
    running.replan([restOfRun(running.timeline.schedule, edit, Date.now() - running.startAtEpochMs)]);
    this.become('spawning');
  }

  /** Undefined when no run is under way. */
  get currentRequest(): RunRequest | undefined {
    return this.isOver ? undefined : this.request;
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

  /** The tables begin anew; what the run is judged by stays. */
  clearStatistics(): void {
    this.running?.timeline.clearTotal();
    this.clearedSeconds = this.allSeconds.length;
    this.changed();
  }

  get users(): number {
    return this.isOver ? 0 : (this.allSeconds.at(-1)?.users ?? 0);
  }

  get secondCount(): number {
    return this.allSeconds.length;
  }

  secondsFrom(index: number): LiveSecond[] {
    return this.allSeconds
      .slice(index)
      .map(({ hdr: _hdr, responseHdr: _responseHdr, endpoints: _endpoints, ...second }) => second);
  }

  /** What the tables show: undefined before the first answer. */
  statistics(): (StatisticsSpan & { readonly request: RunRequest; readonly startedAt: Date }) | undefined {
    const { request, running } = this;
    if (!request || !running) return undefined;
    const seconds = this.allSeconds.slice(this.clearedSeconds);
    const span = { totals: running.timeline.total, seconds, spanMs: seconds.length * 1000 };
    return { ...span, request, startedAt: new Date(running.startAtEpochMs) };
  }

  get timeline(): RunningLoad['timeline'] | undefined {
    return this.running?.timeline;
  }

  status(): LiveStatus {
    const { state, report, notice, problem } = this;
    return (this.known ??= { state, report, notice, problem, run: this.figures() });
  }

  private figures(): LiveRunFigures | null {
    const { request, running } = this;
    if (!request) return null;
    const { profile, baseUrl, seed, workers } = request;
    const statistics = this.statistics();
    const { durationMs, phases } = running?.timeline.schedule ?? new Schedule(profile.stages);
    return {
      ...{ profile: profile.name, model: profile.model, target: baseUrl, seed, workers },
      elapsedMs: this.allSeconds.length === 0 ? 0 : ((this.allSeconds.at(-1)?.second ?? 0) + 1) * 1000,
      totalMs: durationMs,
      warmupMs: profile.warmupMs,
      editable: !profile.search,
      notes: this.notes,
      phases,
      ...(statistics ? liveTables(statistics) : { endpoints: [], total: null, errors: [] }),
      thresholds: this.lamps,
      generator: liveGenerator(this.allSeconds, workers),
    };
  }

  private async play(request: RunRequest): Promise<void> {
    const { signal } = this.preparation;
    const onWaiting = (reason: string): void => {
      this.notice = `${request.baseUrl} is not ready yet (${reason}); waiting up to ${readinessWaitMs / 1000} s for it.`;
      this.changed();
    };
    try {
      const { run } = await perform(request, {
        readiness: { waitMs: readinessWaitMs, signal, onWaiting },
        signal,
        onStarted: (running) => this.started(running),
        onNote: (note) => this.noted(note),
        onLamps: (lamps) => (this.lamps = lamps),
        onSecond: (second) => this.secondPassed(second),
        resultsFolder: this.resultsFolder,
      });
      const { outcome, reasons } = run.record.verdict;
      this.report = { id: run.record.id, outcome, reasons };
    } catch (error) {
      this.problem = signal.aborted ? null : (error as Error).message;
    }
    this.notice = null;
    this.become('stopped');
  }

  private started(running: RunningLoad): void {
    this.running = running;
    this.notice = null;
    this.become('spawning');
  }

  private noted(note: string): void {
    this.notes = [...this.notes, note].slice(-maxNotes);
    // Before the load begins there is nothing else to see.
    if (this.state === 'preparing') this.notice = note;
    this.changed();
  }

  private secondPassed(second: Second): void {
    const elapsedMs = (second.second + 1) * 1000;
    const phase = this.timeline?.schedule.phases.find(({ toMs }) => elapsedMs < toMs);
    if (this.state === 'spawning' || this.state === 'running') {
      this.state = phase && elapsedMs < phase.steadyFromMs ? 'spawning' : 'running';
    }
    this.changed();
  }

  private get allSeconds(): readonly Second[] {
    return this.running?.timeline.seconds ?? [];
  }

  private become(state: LiveState): void {
    this.state = state;
    this.changed();
  }

  private changed(): void {
    this.known = undefined;
    this.emit('change');
  }
}
