// Whether a rate was sustainable, from what was measured while it was held.

import { judgeGenerator } from '../analysis/generator-verdict.js';
import { aggregate, readMetric } from '../analysis/metrics.js';
import type { KneeStep } from '../analysis/findings.js';
import { trusted } from '../analysis/thresholds.js';
import { describeThreshold } from '../analysis/verdict.js';
import type { Second } from '../engine/timeline.js';
import type { Totals } from '../engine/totals.js';
import { metricCatalogue } from '../profiles/metric-catalogue.js';
import { holds, parseCondition, parseSelector } from '../profiles/threshold.js';
import type { StepOutcome } from './knee-search.js';

/** What was measured while a rate was held. */
export interface HeldStep {
  readonly ratePerSecond: number;
  readonly totals: Totals;
  readonly seconds: readonly Second[];
}

export interface StepRules {
  readonly slo: Readonly<Record<string, readonly string[]>>;
  readonly workers: number;
  /** Mean response time of the lowest rate that was sustainable; undefined before there is one. */
  readonly calmMs: number | undefined;
}

export interface JudgedStep {
  readonly outcome: StepOutcome;
  readonly figures: KneeStep;
}

/** A rate is sustainable when so much of what is offered is started, and answered as expected. */
const enough = 0.99;

export function judgeStep(step: HeldStep, rules: StepRules): JudgedStep {
  const { totals, seconds } = step;
  const responses = totals.responses();
  const requests = totals.sum('requests');
  const failed = totals.sum('failed');
  const generator = judgeGenerator(seconds, rules.workers);
  const reason = generator.valid ? complaint(step, rules) : generator.explanation;
  return {
    outcome: outcomeOf(reason, generator.valid),
    figures: {
      ratePerSecond: step.ratePerSecond,
      atSecond: seconds[0]?.second ?? 0,
      offeredPerSecond: round(totals.counters.offered / seconds.length),
      achievedPerSecond: round((requests - failed) / seconds.length),
      p95Ms: round(responses.percentileMs(95)),
      failedShare: requests === 0 ? 0 : round(failed / requests),
      sustainable: reason === '',
      reason,
    },
  };
}

function outcomeOf(reason: string, generatorKeptUp: boolean): StepOutcome {
  if (!generatorKeptUp) return 'unclear';
  return reason === '' ? 'sustainable' : 'broken';
}

/** Empty when there is none; the one nearest to the cause comes first. */
function complaint(step: HeldStep, rules: StepRules): string {
  const { offered, started, dropped } = step.totals.counters;
  const achieved = step.totals.sum('requests') - step.totals.sum('failed');
  if (offered === 0) return 'nothing was offered';
  if (dropped > 0) return `${dropped} of ${offered} requests were dropped: all connections busy, queue full`;
  const wanted = offered * enough - underWay(step, rules);
  const broken = brokenSlo(step, rules.slo);
  if (broken) return broken;
  if (started < wanted) return `only ${share(started, offered)} of what was offered could be started`;
  if (achieved < wanted)
    return `only ${share(achieved, offered)} of what was offered was answered as expected`;
  return '';
}

/**
 * Requests that are always under way when a step ends, and are no shortfall: by Little's law rate × response time, taken
 * from the calmest step so that a growing queue is not forgiven, and twice as many as arrivals may cluster.
 */
function underWay({ totals, seconds }: HeldStep, { calmMs }: StepRules): number {
  const ratePerMs = totals.counters.offered / seconds.length / 1000;
  return 2 + 2 * ratePerMs * (calmMs ?? totals.responses().meanMs());
}

function brokenSlo({ totals, seconds }: HeldStep, slo: StepRules['slo']): string | undefined {
  const source = {
    ...{ totals, seconds, stages: [], recoveries: [], findings: {} },
    measuredMs: seconds.length * 1000,
  };
  for (const [text, conditions] of Object.entries(slo)) {
    const selector = trusted(parseSelector(text));
    const metric = readMetric(source, selector);
    for (const conditionText of conditions) {
      const type = metricCatalogue[selector.metric]?.type ?? 'gauge';
      const condition = trusted(parseCondition(conditionText, type));
      const actual = aggregate(metric, condition);
      if (actual !== undefined && holds(condition, actual)) continue;
      const result = { metric: text, condition: conditionText, ok: false };
      return describeThreshold(actual === undefined ? result : { ...result, actual }).replace(/\.$/, '');
    }
  }
  return undefined;
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const round = (value: number): number => Number(value.toFixed(3));
