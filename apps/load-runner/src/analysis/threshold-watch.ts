// Holds the thresholds against the run while it goes on: lamps for who watches, windows, and the end of a run that has failed.

import type { Delta } from '../engine/delta.js';
import type { Second, StageTotals, Timeline } from '../engine/timeline.js';
import type { Profile } from '../profiles/schema.js';
import { parseCondition, parseSelector } from '../profiles/threshold.js';
import { metricCatalogue } from '../profiles/metric-catalogue.js';
import { findStage, readMetric } from './metrics.js';
import type { ThresholdResult } from './record.js';
import { SlidingWindow } from './sliding-window.js';
import { trusted, type Decided } from './thresholds.js';
import { describeThreshold } from './verdict.js';
import {
  WholeRunThreshold,
  WindowThreshold,
  type LiveThreshold,
  type Reading,
  type WatchedText,
  type WatchedThreshold,
} from './watched-threshold.js';

export class ThresholdWatch implements Decided {
  private readonly all: readonly WatchedThreshold[];
  private readonly windows: readonly {
    readonly sliding: SlidingWindow;
    readonly thresholds: WindowThreshold[];
  }[];
  private readonly measured: Second[] = [];
  private aborted: { readonly by: WatchedThreshold; readonly result: ThresholdResult } | undefined;

  constructor(
    private readonly profile: Pick<Profile, 'thresholds' | 'warmupMs' | 'model'>,
    /** A threshold that may end the run has failed; called once. */
    private readonly onAbort: (reason: string) => void = () => undefined,
  ) {
    this.all = watchedTexts(profile.thresholds).map((text) =>
      text.threshold.windowMs > 0 ? new WindowThreshold(text) : new WholeRunThreshold(text),
    );
    const windowed = this.all.filter((one) => one instanceof WindowThreshold);
    const byLength = groupBy(windowed, ({ of }) => of.threshold.windowMs / 1000);
    this.windows = [...byLength].map(([seconds, thresholds]) => ({
      sliding: new SlidingWindow(seconds),
      thresholds,
    }));
  }

  get lamps(): LiveThreshold[] {
    return this.all.map(({ lamp }) => lamp);
  }

  /** A second is over. What came in during the warm-up counts for nothing. */
  second(figures: Second, deltas: readonly Delta[], timeline: Pick<Timeline, 'measured' | 'stages'>): void {
    if (figures.warmup || this.aborted) return;
    this.measured.push(figures);
    this.readWhole(figures, timeline);
    for (const { sliding, thresholds } of this.windows) {
      sliding.push(figures, deltas);
      this.readWindow(sliding, thresholds, timeline.stages);
    }
    this.abortIfFailed(figures);
  }

  /** What is decided for good: windows, and the threshold that ended the run. */
  result(selector: string, index: number): ThresholdResult | undefined {
    const one = this.all.find(({ of }) => of.text === selector && of.index === index);
    if (one === this.aborted?.by) return this.aborted?.result;
    return one instanceof WindowThreshold ? one.result() : undefined;
  }

  private readWhole({ second }: Second, { measured, stages }: Pick<Timeline, 'measured' | 'stages'>): void {
    const atSecond = second + 1;
    const measuredMs = atSecond * 1000 - this.profile.warmupMs;
    const source = { totals: measured, stages, seconds: this.measured, measuredMs, ...afterwards };
    const whole = this.all.filter((one) => one instanceof WholeRunThreshold);
    for (const [selector, same] of groupBy(whole, ({ of }) => of.selector)) {
      const metric = readMetric(source, selector);
      for (const one of same) one.read({ metric, atSecond, load: 'throughout' });
    }
  }

  private readWindow(
    { totals, figures, full }: SlidingWindow,
    thresholds: readonly WindowThreshold[],
    stages: readonly StageTotals[],
  ): void {
    const last = figures.at(-1);
    if (!full || !last) return;
    const source = { totals, stages: [], seconds: figures, measuredMs: figures.length * 1000, ...afterwards };
    const reading = { atSecond: last.second + 1, load: this.loadOf(figures) };
    for (const [{ metric: name, tags }, same] of groupBy(thresholds, ({ of }) => of.selector)) {
      // A window is of a stage when it lies within it.
      const { stage, ...others } = tags;
      if (stage !== undefined && !liesWithin(figures, findStage(stages, stage))) continue;
      const metric = readMetric(source, { metric: name, tags: others });
      for (const one of same) one.read({ metric, ...reading });
    }
  }

  /** Idle connections of the open model are no load; users who think are. */
  private loadOf(window: readonly Second[]): Reading['load'] {
    const { model } = this.profile;
    const loaded = window.filter(({ users, offered }) => (model === 'open' ? offered : users) > 0).length;
    if (loaded === 0) return 'none';
    return loaded === window.length ? 'throughout' : 'partly';
  }

  private abortIfFailed({ second }: Second): void {
    const measuredMs = (second + 1) * 1000 - this.profile.warmupMs;
    const by = this.all.find(
      ({ ok, of: { threshold } }) =>
        ok === false && threshold.abortOnFail && measuredMs >= threshold.delayAbortEvalMs,
    );
    if (!by) return;
    this.aborted = { by, result: by.result() };
    this.onAbort(
      `ended early, at second ${second + 1}: ${describeThreshold(this.aborted.result).replace(/\.$/, '')}`,
    );
  }
}

/** What is worked out when the run is over. */
const afterwards = { recoveries: [], findings: {} } as const;

function watchedTexts(thresholds: Profile['thresholds']): WatchedText[] {
  return Object.entries(thresholds).flatMap(([text, conditions]) => {
    const selector = trusted(parseSelector(text));
    const type = metricCatalogue[selector.metric]?.type ?? 'gauge';
    return conditions.map((threshold, index) => {
      const condition = trusted(parseCondition(threshold.condition, type));
      return { text, index, selector, condition, threshold };
    });
  });
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

const liesWithin = (window: readonly Second[], stage: StageTotals | undefined): boolean =>
  stage !== undefined &&
  window.every(
    ({ second }) => second * 1000 >= stage.phase.steadyFromMs && (second + 1) * 1000 <= stage.phase.toMs,
  );
