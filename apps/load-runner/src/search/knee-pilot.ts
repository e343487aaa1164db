// Steers a run from rate to rate until it knows up to where the system keeps up, then ends it.

import type { Companion, CompanionResult } from '../companion.js';
import type { KneeFigures, KneeStep } from '../analysis/findings.js';
import type { Delta } from '../engine/delta.js';
import type { RunningLoad } from '../engine/run.js';
import type { Second } from '../engine/timeline.js';
import { Totals } from '../engine/totals.js';
import { Schedule } from '../profiles/schedule.js';
import type { RunRequest } from '../run-request.js';
import { formatCount, formatMs } from '../reports/format.js';
import { describeSearch } from './describe-search.js';
import { explainKnee } from './explain-knee.js';
import { judgeStep, type JudgedStep } from './judge-step.js';
import { KneeSearch } from './knee-search.js';

/** After a replan the second under way is of both rates. */
const mixedSeconds = 1;
/** A plan reaches beyond what it is for: the next one cuts it short, and the load never stops in between. */
const spareMs = 30_000;
/** While a system recovers it is asked this share of the lowest rate that matters. */
const restShare = 0.25;
/** Recovered: nothing waits, and p95 is within a fifth of the calmest step's, or as near as makes no difference. */
const recoveredFactor = 1.2;
const recoveredSlackMs = 10;
const calmSecondsWanted = 2;
/** A system that has not recovered after so many steps' time is asked again nevertheless. */
const longestRecoverySteps = 3;

type State =
  | ({ readonly doing: 'holding' } & Holding)
  | ({ readonly doing: 'recovering' } & Recovering)
  | { readonly doing: 'warming up' | 'nothing' };

interface Holding {
  readonly ratePerSecond: number;
  readonly fromSecond: number;
  readonly seconds: Second[];
  readonly totals: Totals;
}

interface Recovering {
  readonly fromSecond: number;
  calmSeconds: number;
}

export class KneePilot implements Companion {
  private readonly search: KneeSearch;
  private readonly stepSeconds: number;
  private readonly limitMs: number;
  private readonly steps: KneeStep[] = [];
  private running: RunningLoad | undefined;
  private state: State = { doing: 'warming up' };
  /** Of the first sustainable step. */
  private calm: { readonly meanMs: number; readonly p95Ms: number } | undefined;
  private timeRanOut = false;
  private elapsedMs = 0;

  constructor(
    private readonly request: RunRequest,
    private readonly options: NonNullable<RunRequest['profile']['search']>,
    private readonly tell: (note: string) => void,
  ) {
    const { stages } = request.profile;
    const { growth, precision, maxPerSecond, stepMs } = options;
    this.search = new KneeSearch({ startPerSecond: stages[0]?.level ?? 1, growth, precision, maxPerSecond });
    this.stepSeconds = Math.round(stepMs / 1000);
    this.limitMs = new Schedule(stages).durationMs;
  }

  started(running: RunningLoad): void {
    this.running = running;
  }

  get doing(): string | undefined {
    const { doing } = this.state;
    if (doing === 'warming up' || doing === 'nothing') return undefined;
    const msLeft = this.limitMs - this.elapsedMs;
    return describeSearch(this.search, { recovering: doing === 'recovering', msLeft });
  }

  second(second: Second, deltas: readonly Delta[]): void {
    this.elapsedMs = (second.second + 1) * 1000;
    if (second.warmup || !this.running) return;
    if (this.state.doing === 'warming up') this.hold(second);
    else if (this.state.doing === 'holding') this.measure(this.state, second, deltas);
    else if (this.state.doing === 'recovering') this.recover(this.state, second);
  }

  finish(): Promise<CompanionResult> {
    return Promise.resolve({ findings: { knee: this.figures } });
  }

  private get figures(): KneeFigures {
    const { good, broken } = this.search;
    const generatorLimited = broken?.outcome === 'unclear';
    return {
      steps: this.steps,
      sustainablePerSecond: good,
      brokenPerSecond: broken?.rate ?? null,
      generatorLimited,
      explanation: explainKnee(this.search, {
        steps: this.steps,
        timeRanOut: this.timeRanOut,
        maxPerSecond: this.options.maxPerSecond,
      }),
    };
  }

  private hold({ second }: Second): void {
    const { rate } = this.search;
    const fromSecond = second + 1 + mixedSeconds;
    this.timeRanOut = rate !== undefined && (fromSecond + this.stepSeconds) * 1000 > this.limitMs;
    if (rate === undefined || this.timeRanOut) {
      this.end();
      return;
    }
    this.apply(rate);
    this.state = { doing: 'holding', ratePerSecond: rate, fromSecond, seconds: [], totals: new Totals() };
  }

  private measure(held: Holding, second: Second, deltas: readonly Delta[]): void {
    if (second.second < held.fromSecond) return;
    held.seconds.push(second);
    for (const delta of deltas) held.totals.merge(delta);
    if (held.seconds.length < this.stepSeconds) return;
    const { workers } = this.request;
    const judged = judgeStep(held, { slo: this.options.slo, workers, calmMs: this.calm?.meanMs });
    this.steps.push(judged.figures);
    this.search.tell(judged.outcome);
    this.tell(`step ${this.steps.length}: ${described(judged)}${this.search.again ? '; once more' : ''}`);
    if (judged.outcome === 'sustainable') {
      this.calm ??= { meanMs: held.totals.responses().meanMs(), p95Ms: judged.figures.p95Ms };
      this.hold(second);
    } else if (this.search.rate === undefined) this.end();
    else this.rest(second);
  }

  /** Between a broken step and the next the system drains, or the next would be broken by what is left of this one. */
  private rest({ second }: Second): void {
    const lowest = Math.min(this.request.profile.stages[0]?.level ?? 1, this.search.good || Infinity);
    this.apply(Math.max(1, Math.round(lowest * restShare)));
    this.state = { doing: 'recovering', fromSecond: second + 1 + mixedSeconds, calmSeconds: 0 };
  }

  private recover(state: Recovering, second: Second): void {
    if (second.second < state.fromSecond) return;
    state.calmSeconds = this.isCalm(second) ? state.calmSeconds + 1 : 0;
    const rested = second.second - state.fromSecond + 1;
    if (state.calmSeconds < calmSecondsWanted && rested < this.stepSeconds * longestRecoverySteps) return;
    if (state.calmSeconds < calmSecondsWanted)
      this.tell(`not recovered after ${rested} s; going on nevertheless`);
    this.hold(second);
  }

  private isCalm({ queued, requests, inFlight, responseP95Ms }: Second): boolean {
    if (queued > 0) return false;
    if (requests === 0) return inFlight === 0;
    const calmP95Ms = this.calm?.p95Ms;
    if (calmP95Ms === undefined) return true;
    return responseP95Ms <= Math.max(calmP95Ms * recoveredFactor, calmP95Ms + recoveredSlackMs);
  }

  private apply(ratePerSecond: number): void {
    this.running?.replan([{ level: ratePerSecond, rampMs: 0, holdMs: this.stepSeconds * 1000 + spareMs }]);
  }

  private end(): void {
    this.state = { doing: 'nothing' };
    this.running?.stop(this.figures.explanation);
  }
}

const verdicts = {
  sustainable: 'sustainable',
  broken: 'not sustainable',
  unclear: 'cannot be told',
} as const;

function described({ outcome, figures }: JudgedStep): string {
  const { ratePerSecond, achievedPerSecond, p95Ms, reason } = figures;
  const what = `${formatCount(ratePerSecond)}/s, ${formatCount(achievedPerSecond, 1)}/s answered, p95 ${formatMs(p95Ms)}`;
  return `${what}: ${verdicts[outcome]}${reason === '' ? '' : ` (${reason})`}`;
}
