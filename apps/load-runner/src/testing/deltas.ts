// Seconds made by hand, for tests of what is made from them.

import { noCounters, type Delta } from '../engine/delta.js';
import { LatencyHistogram } from '../engine/latency-histogram.js';
import { endpoint } from '../users/endpoint.js';

export const health = { loopDelayP99Ms: 1, loopDelayMaxMs: 2, loopUtilization: 0.1, cpu: 0.1 };

/** One second of one worker: so many answers of so many milliseconds, and some failures. */
export function delta(second: number, milliseconds: readonly number[], changes: Partial<Delta> = {}): Delta {
  const histogram = new LatencyHistogram();
  for (const ms of milliseconds) histogram.record(ms * 1000);
  const requests = milliseconds.length;
  const counts = {
    failed: 0,
    lost: 0,
    timeouts: 0,
    refused: 0,
    bytesReceived: requests * 100,
    bytesSent: requests * 10,
  };
  const one = {
    endpoint: endpoint('listCourses').index,
    requests,
    ...counts,
    statuses: requests > 0 ? [{ status: 200, count: requests }] : [],
    ok: histogram.drain(),
    unexpected: undefined,
    responseOk: undefined,
    responseUnexpected: undefined,
  };
  return {
    worker: 0,
    second,
    users: 10,
    inFlight: 0,
    queued: 0,
    endpoints: requests > 0 ? [one] : [],
    trends: {},
    errors: [],
    checks: [],
    counters: { ...noCounters(), userMs: 10_000 },
    health,
    ...changes,
  };
}
