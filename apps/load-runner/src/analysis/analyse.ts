// Turns a measurement into the record of the run: figures, thresholds, laws, verdict.

import type { LatencyHistogram } from '../engine/latency-histogram.js';
import type { Measurement, RunPlan } from '../engine/run.js';
import type { StageTotals } from '../engine/timeline.js';
import type { EndpointTotals, Totals } from '../engine/totals.js';
import { judgeGenerator, judgeSearch, withCeiling } from './generator-verdict.js';
import { checkLittle } from './little.js';
import { metricFigures } from './metrics.js';
import type { Findings } from './findings.js';
import type { EndpointFigures, ErrorFigures, LatencyFigures, RunRecord, StageFigures } from './record.js';
import { findRecoveries } from './recovery.js';
import { slowRequests } from './slowest.js';
import { ThresholdWatch } from './threshold-watch.js';
import { evaluateThresholds, taggedSelectors, type Decided } from './thresholds.js';
import { judge } from './verdict.js';

/** What the measurement itself does not know. */
export type Circumstances = Pick<RunRecord, 'id' | 'tags' | 'git' | 'machine' | 'shard'>;

/** A measurement as far as it is judged; that of a run under way is made up from what there is. */
export type Judged = Omit<Measurement, 'plan' | 'ledger'> & { readonly plan: Omit<RunPlan, 'catalogue'> };

export function analyse(
  measurement: Judged,
  circumstances: Circumstances,
  findings: Findings = {},
  decided: Decided = new ThresholdWatch(measurement.plan.profile),
): RunRecord {
  const { plan, timeline, measuredMs, interrupted, stopped, startedAt } = measurement;
  const totals = timeline.measured;
  const seconds = timeline.seconds.filter((second) => !second.warmup);
  // The steps of a search are no spikes.
  const recoveries = findings.knee ? [] : findRecoveries(timeline.stages, timeline.seconds);
  const source = { totals, stages: timeline.stages, seconds, measuredMs, recoveries, findings };
  const thresholds = evaluateThresholds(source, plan.profile.thresholds, decided);
  const generator = withCeiling(
    judgeSearch(judgeGenerator(timeline.seconds, plan.workers), findings.knee),
    findings.calibration,
  );
  const total = totalFigures(totals, measuredMs);
  return {
    format: 2,
    ...circumstances,
    ...findings,
    profile: plan.profile,
    baseUrl: plan.baseUrl,
    seed: plan.seed,
    startedAt: startedAt.toISOString(),
    durationMs: measuredMs + plan.profile.warmupMs,
    measuredMs,
    verdict: judge({
      ...{ thresholds, generator, interrupted, stopped: stopped?.reason },
      requests: total.requests,
      // A search goes where requests are dropped on purpose.
      dropped: findings.knee ? 0 : totals.counters.dropped,
      audit: findings.audit,
    }),
    thresholds,
    metrics: metricFigures(source, { ...taggedSelectors(plan.profile.thresholds), ...expectedOnly }),
    total,
    endpoints: totals.byEndpoint.map((one) => endpointFigures(one, measuredMs)),
    errors: errorFigures(totals),
    checks: totals.checks,
    stages: timeline.stages.map(stageFigures),
    recoveries,
    ...traced(measurement),
    generator,
  };
}

const traced = ({ plan, timeline, startedAt }: Judged): Pick<RunRecord, 'trace' | 'slowest'> =>
  plan.trace
    ? {
        trace: plan.trace,
        slowest: slowRequests(timeline.measured.slowest.all, startedAt, timeline.schedule),
      }
    : {};

/** k6 shows it beneath http_req_duration: failures are often fast, and flatter the figure. */
const expectedOnly = {
  'http_req_duration{expected_response:true}': {
    metric: 'http_req_duration',
    tags: { expected_response: 'true' },
  },
};

export function endpointFigures(one: EndpointTotals, measuredMs: number): EndpointFigures {
  const { name, method, path } = one.endpoint;
  const { requests, failed, lost, timeouts, refused, bytesReceived, bytesSent } = one;
  return {
    ...{ name, method, path, requests, failed, lost, timeouts, refused, bytesReceived, bytesSent },
    requestsPerSecond: perSecond(requests, measuredMs),
    failuresPerSecond: perSecond(failed, measuredMs),
    latency: latencyFigures(one.all),
    response: latencyFigures(one.responses),
  };
}

export function totalFigures(totals: Totals, measuredMs: number): EndpointFigures {
  const requests = totals.sum('requests');
  const failed = totals.sum('failed');
  return {
    name: 'Aggregated',
    method: '',
    path: '',
    requests,
    failed,
    lost: totals.sum('lost'),
    timeouts: totals.sum('timeouts'),
    refused: totals.sum('refused'),
    requestsPerSecond: perSecond(requests, measuredMs),
    failuresPerSecond: perSecond(failed, measuredMs),
    bytesReceived: totals.sum('bytesReceived'),
    bytesSent: totals.sum('bytesSent'),
    latency: latencyFigures(totals.durations()),
    response: latencyFigures(totals.responses()),
  };
}

function latencyFigures(histogram: LatencyHistogram): LatencyFigures {
  const at = (percentile: number) => round(histogram.percentileMs(percentile));
  return {
    count: histogram.count,
    minMs: round(histogram.minMs()),
    meanMs: round(histogram.meanMs()),
    medianMs: at(50),
    p75Ms: at(75),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: round(histogram.maxMs()),
    hdr: histogram.encode(),
  };
}

function stageFigures(stage: StageTotals): StageFigures {
  const { phase, seconds, requests, failed, durations, counters } = stage;
  const responses = stage.totals.responses();
  const { offered, started, dropped } = counters;
  return {
    ...phase,
    level: round(phase.level),
    fromLevel: round(phase.fromLevel),
    seconds,
    requests,
    failed,
    requestsPerSecond: seconds === 0 ? 0 : round(requests / seconds),
    medianMs: round(durations.percentileMs(50)),
    p95Ms: round(durations.percentileMs(95)),
    p99Ms: round(durations.percentileMs(99)),
    responseP50Ms: round(responses.percentileMs(50)),
    responseP95Ms: round(responses.percentileMs(95)),
    responseP99Ms: round(responses.percentileMs(99)),
    ...{ offered, started, dropped },
    little: checkLittle(stage),
  };
}

export function errorFigures(totals: Totals): ErrorFigures[] {
  return totals.errors.map(({ endpoint, reason, count, firstSecond, lastSecond }) => ({
    endpoint: endpoint.name,
    method: endpoint.method,
    path: endpoint.path,
    ...{ reason, count, firstSecond, lastSecond },
  }));
}

const perSecond = (count: number, ms: number): number => (ms > 0 ? round((count / ms) * 1000) : 0);
const round = (value: number): number => Number(value.toFixed(3));
