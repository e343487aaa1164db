// Locust's answers from our figures, with the field names of Locust 2.46 (`web.py`, `stats.py`) that its scripts read.

import { LatencyHistogram } from '../engine/latency-histogram.js';
import { journeyNames, type Profile } from '../profiles/schema.js';
import type { LiveRun } from './live-run.js';
import { currentWindowSeconds, type LiveEndpoint, type LiveRunFigures } from './live-status.js';

const nothing: LiveEndpoint = {
  ...{ name: 'Aggregated', method: '', path: '', requests: 0, failed: 0, meanBytes: 0 },
  ...{ meanMs: 0, minMs: 0, maxMs: 0, medianMs: 0, p95Ms: 0, p99Ms: 0 },
  ...{ requestsPerSecond: 0, failuresPerSecond: 0, totalPerSecond: 0, totalFailuresPerSecond: 0 },
};

const beforeAnyRun: Pick<LiveRunFigures, 'endpoints' | 'total' | 'errors' | 'workers'> = {
  ...{ endpoints: [], total: null, errors: [], workers: 0 },
};

/** Nothing happens any more: what is current is nothing. */
const atRest = (one: LiveEndpoint): LiveEndpoint => ({ ...one, requestsPerSecond: 0, failuresPerSecond: 0 });

/** `GET /stats/requests`: every endpoint, then the row of all together, as Locust appends it. */
export function locustStats(live: LiveRun): object {
  const { state, run } = live.status();
  const { endpoints, total, errors, workers } = run ?? beforeAnyRun;
  const all = [...endpoints, total ?? nothing];
  const rows = live.isOver ? all.map(atRest) : all;
  return {
    // Locust has no word for waiting until the target is ready.
    state: state === 'preparing' ? 'spawning' : state,
    user_count: live.users,
    stats: rows.map(entry),
    errors: errors.map((error) => ({
      ...{ method: error.method, name: error.path, error: error.reason, occurrences: error.count },
      ...seen(live, error.firstSecond, error.lastSecond),
    })),
    ...totals(rows.at(-1) ?? nothing),
    current_response_time_percentiles: currentPercentiles(live),
    worker_count: workers,
  };
}

const totals = (total: LiveEndpoint): object => ({
  current_rps: total.requestsPerSecond,
  current_fail_per_sec: total.failuresPerSecond,
  total_rps: total.totalPerSecond,
  total_fail_per_sec: total.totalFailuresPerSecond,
  total_avg_response_time: total.meanMs,
  fail_ratio: total.requests === 0 ? 0 : total.failed / total.requests,
});

/** Locust gives a failure's times in seconds since 1970. */
function seen(live: LiveRun, firstSecond: number, lastSecond: number): object {
  const startedAtSeconds = (live.statistics()?.startedAt.getTime() ?? 0) / 1000;
  return { first_seen: startedAtSeconds + firstSecond, last_seen: startedAtSeconds + lastSecond };
}

function currentPercentiles(live: LiveRun): object {
  const seconds = live.isOver ? [] : (live.statistics()?.seconds ?? []);
  const recent = new LatencyHistogram();
  for (const { hdr } of seconds.slice(-currentWindowSeconds)) recent.add(LatencyHistogram.decode(hdr));
  const at = (percentile: number) => (recent.count === 0 ? null : recent.percentileMs(percentile));
  return { 'response_time_percentile_0.5': at(50), 'response_time_percentile_0.95': at(95) };
}

function entry(one: LiveEndpoint): object {
  const name = one.path || one.name;
  return {
    ...{ method: one.method, name, safe_name: name },
    num_requests: one.requests,
    num_failures: one.failed,
    min_response_time: one.minMs,
    max_response_time: one.maxMs,
    current_rps: one.requestsPerSecond,
    current_fail_per_sec: one.failuresPerSecond,
    avg_response_time: one.meanMs,
    median_response_time: one.medianMs,
    total_rps: one.totalPerSecond,
    total_fail_per_sec: one.totalFailuresPerSecond,
    'response_time_percentile_0.95': one.p95Ms,
    'response_time_percentile_0.99': one.p99Ms,
    avg_content_length: one.meanBytes,
  };
}

/** `GET /tasks`: our journeys stand where Locust has classes of users. */
export function locustTasks(weights: Profile['journeys'] | undefined): object {
  const all = journeyNames.reduce((sum, name) => sum + (weights?.[name] ?? 0), 0);
  const ratios = Object.fromEntries(
    journeyNames
      .filter((name) => (weights?.[name] ?? 0) > 0)
      .map((name) => [name, { ratio: (weights?.[name] ?? 0) / all, tasks: {} }]),
  );
  return { per_class: ratios, total: ratios };
}
