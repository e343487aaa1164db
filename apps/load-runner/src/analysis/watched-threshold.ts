// One threshold while the run goes on: over everything measured so far, or over each window.

import type { Threshold } from '../profiles/schema.js';
import {
  holds,
  isLowerBound,
  onlyTheEndTells,
  worse,
  type Condition,
  type MetricSelector,
} from '../profiles/threshold.js';
import { formatDuration } from '../profiles/duration.js';
import { aggregate, type Metric } from './metrics.js';
import type { ThresholdResult } from './record.js';

/** Of histograms; what differs by less is as bad as it was before. */
const precision = 0.002;

/** How a threshold stands at the moment. */
export interface LiveThreshold {
  readonly metric: string;
  readonly condition: string;
  /** 0: over the whole run. */
  readonly windowMs: number;
  /** null: nothing to tell by yet. A window that failed once has failed for good. */
  readonly ok: boolean | null;
  /** Of everything measured so far, or of the latest window. */
  readonly actual?: number;
}

/** As the profile has it, and as it was parsed. */
export interface WatchedText {
  /** The profile's key: `http_req_duration{name:login}`. */
  readonly text: string;
  /** Which of the key's conditions. */
  readonly index: number;
  readonly selector: MetricSelector;
  readonly condition: Condition;
  readonly threshold: Threshold;
}

/** One evaluation: the metric over the stretch, and where in the run the stretch ends. */
export interface Reading {
  readonly metric: Metric;
  /** Seconds from the start of the run. */
  readonly atSecond: number;
  /** Whether load was offered in some of its seconds, and in all of them. */
  readonly load: 'none' | 'partly' | 'throughout';
}

export abstract class WatchedThreshold {
  ok: boolean | null = null;
  protected actual: number | undefined;

  constructor(readonly of: WatchedText) {}

  abstract read(reading: Reading): void;
  abstract result(): ThresholdResult;

  get lamp(): LiveThreshold {
    const { text, threshold } = this.of;
    const actual = this.actual === undefined ? {} : { actual: this.actual };
    return {
      metric: text,
      condition: threshold.condition,
      windowMs: threshold.windowMs,
      ok: this.ok,
      ...actual,
    };
  }
}

export class WholeRunThreshold extends WatchedThreshold {
  read({ metric }: Reading): void {
    const { condition } = this.of;
    this.actual = aggregate(metric, condition);
    this.ok = this.actual === undefined ? null : holds(condition, this.actual);
    if (!this.ok && onlyTheEndTells(condition)) this.ok = null;
  }

  result(): ThresholdResult {
    const { text, threshold } = this.of;
    const actual = this.actual === undefined ? {} : { actual: this.actual };
    return { metric: text, condition: threshold.condition, ok: this.ok === true, ...actual };
  }
}

export class WindowThreshold extends WatchedThreshold {
  private worst: { readonly value: number; readonly atSecond: number } | undefined;
  /** End of the first window that should have had samples and had none. */
  private silentAtSecond: number | undefined;

  read({ metric, atSecond, load }: Reading): void {
    const { condition } = this.of;
    if (!this.applies(metric, load)) return;
    this.actual = aggregate(metric, condition);
    if (this.actual === undefined) {
      this.silentAtSecond ??= atSecond;
      this.ok = false;
      return;
    }
    this.keepWorst(this.actual, atSecond);
    this.ok = this.ok !== false && holds(condition, this.actual);
  }

  result(): ThresholdResult {
    const { text, threshold, condition } = this.of;
    const { worst } = this;
    // A figure that breaks the condition says more than one that is missing.
    const broken = worst !== undefined && !holds(condition, worst.value);
    return {
      metric: text,
      condition: threshold.condition,
      windowMs: threshold.windowMs,
      ok: this.ok === true,
      ...(worst && { actual: worst.value, worstAtSecond: worst.atSecond }),
      ...(this.ok !== true && !broken && { reason: this.missing() }),
    };
  }

  private keepWorst(actual: number, atSecond: number): void {
    const { worst } = this;
    const value = worst ? worse(this.of.condition, worst.value, actual) : actual;
    if (value === worst?.value) return;
    const same = worst !== undefined && Math.abs(value - worst.value) <= Math.abs(worst.value) * precision;
    this.worst = { value, atSecond: same ? worst.atSecond : atSecond };
  }

  /** Where nothing is asked there is nothing to hold against anybody, least of all a throughput that is too low. */
  private applies(metric: Metric, load: Reading['load']): boolean {
    if (load === 'partly') return !(metric.type === 'counter' && isLowerBound(this.of.condition));
    return load === 'throughout';
  }

  private missing(): string {
    const window = formatDuration(this.of.threshold.windowMs);
    return this.silentAtSecond === undefined
      ? `no stretch of ${window} under load was measured, which fails`
      : `there were no samples in the ${window} up to second ${this.silentAtSecond}, which fails`;
  }
}
