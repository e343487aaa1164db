// The run's metrics under k6's names: what thresholds are held against and summaries are printed from.

import { metricCatalogue } from '../profiles/metric-catalogue.js';
import type { Condition, MetricSelector } from '../profiles/threshold.js';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import { Totals, type EndpointTotals } from '../engine/totals.js';
import type { Second, StageTotals } from '../engine/timeline.js';
import type { Findings } from './findings.js';
import type { MetricFigures, Recovery } from './record.js';
import { hasTags } from '../users/endpoint.js';

/** A metric with its data still there, so that a threshold may ask for any percentile. */
export type Metric =
  | { readonly type: 'trend'; readonly histogram: LatencyHistogram }
  | { readonly type: 'rate'; readonly passes: number; readonly fails: number }
  | { readonly type: 'counter'; readonly count: number; readonly seconds: number; readonly samples: number }
  | {
      readonly type: 'gauge';
      readonly value: number;
      readonly min: number;
      readonly max: number;
      readonly samples: number;
    };

export interface MetricSource {
  readonly totals: Totals;
  /** For the tag `stage`. */
  readonly stages: readonly StageTotals[];
  readonly seconds: readonly Second[];
  readonly measuredMs: number;
  readonly recoveries: readonly Recovery[];
  readonly findings: Findings;
}

const trend = (histogram: LatencyHistogram): Metric => ({ type: 'trend', histogram });

function gauge(values: readonly number[]): Metric {
  return {
    type: 'gauge',
    value: values.at(-1) ?? 0,
    min: Math.min(...values),
    max: Math.max(...values),
    samples: values.length,
  };
}

/** How each metric is had from the totals; a tag narrows it down. */
type Reader = (source: MetricSource, tags: MetricSelector['tags']) => Metric;

const readers: Readonly<Record<string, Reader>> = {
  checks: ({ totals }, { check }) => {
    const counted = totals.checks.filter((one) => check === undefined || one.name === check);
    return {
      type: 'rate',
      passes: sum(counted, (one) => one.passes),
      fails: sum(counted, (one) => one.fails),
    };
  },
  data_received: (source) =>
    counter(source, source.totals.sum('bytesReceived'), source.totals.sum('requests')),
  data_sent: (source) => counter(source, source.totals.sum('bytesSent'), source.totals.sum('requests')),
  http_req_blocked: ({ totals }) => trend(totals.trends.blocked),
  http_req_connecting: ({ totals }) => trend(totals.trends.connecting),
  http_req_sending: ({ totals }) => trend(totals.trends.sending),
  http_req_waiting: ({ totals }) => trend(totals.trends.waiting),
  http_req_receiving: ({ totals }) => trend(totals.trends.receiving),
  iteration_duration: ({ totals }) => trend(totals.trends.iteration),
  http_req_duration: ({ totals }, tags) =>
    trend(totals.durationsOf(askedFor(totals, tags), expectedness(tags))),
  http_req_response: ({ totals }, tags) =>
    trend(totals.responsesOf(askedFor(totals, tags), expectedness(tags))),
  http_req_failed: ({ totals }, tags) => {
    const counted = askedFor(totals, tags);
    const failed = sum(counted, (one) => one.failed);
    // As in k6: the rate is of failures, so a failure is what "passes".
    return { type: 'rate', passes: failed, fails: sum(counted, (one) => one.requests) - failed };
  },
  http_reqs: requestCounter((one, { status }) =>
    status === undefined ? one.requests : one.withStatus(Number(status)),
  ),
  http_req_lost: requestCounter((one) => one.lost),
  http_req_timeouts: requestCounter((one) => one.timeouts),
  http_req_refused: requestCounter((one) => one.refused),
  http_req_resent: (source) => counter(source, source.totals.counters.resent, source.totals.sum('requests')),
  http_req_censored: (source) =>
    counter(source, source.totals.counters.censored, source.totals.sum('requests')),
  dropped_requests: (source) =>
    counter(source, source.totals.counters.dropped, source.totals.counters.offered),
  // What was started of what should have been: below 1 the generator or its connections did not keep up.
  offered_ratio: ({ totals: { counters } }) =>
    gauge(counters.offered === 0 ? [] : [counters.started / counters.offered]),
  queue_length: ({ seconds }) => gauge(seconds.map((second) => second.queued)),
  iterations: (source) =>
    counter(source, source.totals.counters.iterations, source.totals.counters.iterations),
  logins_repeated: (source) =>
    counter(source, source.totals.counters.loginsRepeated, source.totals.sum('requests')),
  plan_conflicts: (source) =>
    counter(source, source.totals.counters.planConflicts, source.totals.sum('requests')),
  // Seconds in which the last answers are awaited have no users any more.
  vus: ({ seconds }) => gauge(seconds.map((second) => second.users).filter((users) => users > 0)),
  vus_max: ({ seconds }) => gauge([Math.max(0, ...seconds.map((second) => second.users))]),
  audit_violations: (source, { check }) => {
    const counted = (source.findings.audit ?? []).filter((one) => check === undefined || one.name === check);
    const violations = sum(counted, (one) => one.violations);
    return counter(source, violations, counted.length);
  },
  generator_loop_delay: perSecond((second) => second.loopDelayP99Ms),
  generator_utilization: perSecond((second) => second.loopUtilization),
  generator_cpu: perSecond((second) => second.generatorCpu),
  sessions_live: ({ findings: { sessions } }) =>
    gauge(sessions ? [sessions.liveBefore, sessions.liveAfter] : []),
  sessions_live_ratio: ({ findings: { sessions } }) =>
    gauge(sessions ? [sessions.liveBefore / sessions.wanted, sessions.liveAfter / sessions.wanted] : []),
  // The slowest of them, or infinite where one never came back.
  fault_recovery_seconds: ({ findings: { faults = [] } }) =>
    gauge(faults.length === 0 ? [] : [Math.max(...faults.map((one) => one.recoverySeconds ?? Infinity))]),
  faults_failed: (source) => {
    const faults = source.findings.faults ?? [];
    return counter(source, faults.filter((one) => !one.ok).length, faults.length);
  },
  recovery_seconds: ({ recoveries }) => gauge(recoveries.map((recovery) => recovery.seconds ?? Infinity)),
  recovery_ratio: ({ recoveries }) => gauge(recoveries.map((recovery) => recovery.ratio)),
  leaks: ({ findings: { leaks } }) => gauge(leaks ? [leaks.filter(({ leaking }) => leaking).length] : []),
  // A rate that the generator gave up at says nothing about the system.
  knee_rate: ({ findings: { knee } }) =>
    gauge(knee && !knee.generatorLimited ? [knee.sustainablePerSecond] : []),
};

/** Each second with load is a sample. A histogram keeps three digits of any figure, whatever its unit. */
function perSecond(value: (second: Second) => number): Reader {
  return ({ seconds }) => {
    const histogram = new LatencyHistogram();
    for (const second of seconds) if (second.users > 0) histogram.record(value(second) * 1000);
    return trend(histogram);
  };
}

export function readMetric(source: MetricSource, { metric, tags }: MetricSelector): Metric {
  const read = readers[metric];
  if (!read) throw new Error(`no reader for the metric ${metric}`);
  return read(tags['stage'] === undefined ? source : withinStage(source, tags['stage']), tags);
}

/** What was measured while the stage's level stood still; nothing at all when there is no such stage. */
function withinStage(source: MetricSource, value: string): MetricSource {
  const stage = findStage(source.stages, value);
  const { steadyFromMs, toMs } = stage?.phase ?? { steadyFromMs: 0, toMs: 0 };
  const seconds = source.seconds.filter(
    ({ second }) => second * 1000 >= steadyFromMs && (second + 1) * 1000 <= toMs,
  );
  const totals = stage?.totals ?? new Totals();
  return { ...source, totals, seconds, measuredMs: (stage?.seconds ?? 0) * 1000 };
}

/** The stage of that level, or by its place: `#2` is the second. */
export function findStage(stages: readonly StageTotals[], value: string): StageTotals | undefined {
  if (value.startsWith('#')) return stages[Number(value.slice(1)) - 1];
  return stages.find(({ phase }) => phase.level === Number(value));
}

/** All metrics, and those sub-metrics that thresholds ask for, as figures for run.json. */
export function metricFigures(
  source: MetricSource,
  selectors: Readonly<Record<string, MetricSelector>>,
): Record<string, MetricFigures> {
  const all = Object.keys(metricCatalogue).map((metric) => [metric, { metric, tags: {} }] as const);
  const figures: Record<string, MetricFigures> = {};
  for (const [label, selector] of [...all, ...Object.entries(selectors)]) {
    const metric = readMetric(source, selector);
    const definition = metricCatalogue[selector.metric];
    if (!definition || (samples(metric) === 0 && definition.known === 'afterwards')) continue;
    figures[label] = {
      type: metric.type,
      contains: definition.contains,
      samples: samples(metric),
      values: values(metric),
    };
  }
  return figures;
}

export function samples(metric: Metric): number {
  if (metric.type === 'trend') return metric.histogram.count;
  return metric.type === 'rate' ? metric.passes + metric.fails : metric.samples;
}

/** The number a threshold's left side stands for; undefined when there is nothing to compute it from. */
export function aggregate(metric: Metric, condition: Condition): number | undefined {
  if (samples(metric) === 0) return undefined;
  if (metric.type === 'trend' && condition.aggregate === 'p')
    return metric.histogram.percentileMs(condition.percentile ?? 0);
  return values(metric)[condition.aggregate];
}

function values(metric: Metric): Record<string, number> {
  switch (metric.type) {
    case 'trend': {
      const { histogram } = metric;
      const at = (percentile: number) => round(histogram.percentileMs(percentile));
      return {
        avg: round(histogram.meanMs()),
        min: round(histogram.minMs()),
        med: at(50),
        max: round(histogram.maxMs()),
        'p(90)': at(90),
        'p(95)': at(95),
        'p(99)': at(99),
      };
    }
    case 'rate': {
      const total = metric.passes + metric.fails;
      return { rate: total === 0 ? 0 : metric.passes / total, passes: metric.passes, fails: metric.fails };
    }
    case 'counter':
      return { count: metric.count, rate: metric.seconds > 0 ? metric.count / metric.seconds : 0 };
    case 'gauge':
      return metric.samples === 0
        ? { value: 0, min: 0, max: 0 }
        : { value: metric.value, min: metric.min, max: metric.max };
  }
}

function expectedness({
  expected_response: expected,
}: MetricSelector['tags']): 'ok' | 'unexpected' | undefined {
  if (expected === undefined) return undefined;
  return expected === 'true' ? 'ok' : 'unexpected';
}

/** Its samples are the requests it could have counted, so that none of a kind is a figure: 0. */
function requestCounter(count: (one: EndpointTotals, tags: MetricSelector['tags']) => number): Reader {
  return (source, tags) => {
    const counted = askedFor(source.totals, tags);
    return counter(
      source,
      sum(counted, (one) => count(one, tags)),
      sum(counted, (one) => one.requests),
    );
  };
}

function counter(source: MetricSource, count: number, samples: number): Metric {
  return { type: 'counter', count, seconds: source.measuredMs / 1000, samples };
}

const askedFor = (totals: Totals, tags: MetricSelector['tags']): EndpointTotals[] =>
  totals.byEndpoint.filter(({ endpoint }) => hasTags(endpoint, tags));

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

const round = (value: number): number => Number(value.toFixed(3));
