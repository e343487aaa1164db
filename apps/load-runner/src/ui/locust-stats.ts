// `GET /stats/requests` with the field names that scripts written for Locust read.

import type { LiveEndpoint, LiveRun, LiveStatus } from './live-run.js';

const nothingYet = { requests: 0, failed: 0, p50Ms: null, p95Ms: null };

export function locustStats(live: LiveRun): object {
  const status = live.status();
  const over = status.state === 'stopped' || status.state === 'ready';
  const latest = live.seconds.at(-1) ?? nothingYet;
  const now = over ? nothingYet : latest;
  const requests = sum(status, (one) => one.requests);
  const failed = sum(status, (one) => one.failed);
  return {
    // Locust has no word for waiting until the target is ready.
    state: status.state === 'preparing' ? 'spawning' : status.state,
    user_count: over ? 0 : status.users,
    total_rps: now.requests,
    total_fail_per_sec: now.failed,
    fail_ratio: requests === 0 ? 0 : failed / requests,
    current_response_time_percentiles: {
      'response_time_percentile_0.5': latest.p50Ms,
      'response_time_percentile_0.95': latest.p95Ms,
    },
    stats: status.endpoints.map(entry),
    errors: status.errors.map(({ method, path, reason, count }) => ({
      ...{ method, name: path, error: reason, occurrences: count },
    })),
  };
}

const entry = (one: LiveEndpoint): object => ({
  method: one.method,
  name: one.path,
  safe_name: one.path,
  num_requests: one.requests,
  num_failures: one.failed,
  avg_response_time: one.meanMs,
  min_response_time: one.minMs,
  max_response_time: one.maxMs,
  median_response_time: one.medianMs,
  'response_time_percentile_0.95': one.p95Ms,
  'response_time_percentile_0.99': one.p99Ms,
  avg_content_length: one.requests === 0 ? 0 : one.bytesReceived / one.requests,
  current_rps: one.requestsPerSecond,
  current_fail_per_sec: one.failuresPerSecond,
});

const sum = (status: LiveStatus, value: (one: LiveEndpoint) => number): number =>
  status.endpoints.reduce((total, one) => total + value(one), 0);
