// The requests that took longest, in the words of the record: when they were wanted, and at which stage of the load.

import type { SlowExchange } from '../engine/slowest-requests.js';
import type { Schedule } from '../profiles/schedule.js';
import { endpoints } from '../users/endpoint.js';
import type { SlowRequest } from './record.js';

export function slowRequests(
  slowest: readonly SlowExchange[],
  startedAt: Date,
  { phases }: Schedule,
): SlowRequest[] {
  return slowest.flatMap((request) => {
    const endpoint = endpoints[request.endpoint];
    if (!endpoint) return [];
    const { traceId, sampled, status, outcome, responseMs, serviceMs } = request;
    const wantedMs = Math.max(0, request.wantedAtEpochMs - startedAt.getTime());
    return {
      ...{ traceId, sampled, endpoint: endpoint.name, method: endpoint.method, path: endpoint.path },
      requestPath: request.path,
      ...{ status, outcome },
      ...{ responseMs: Number(responseMs.toFixed(3)), serviceMs: Number(serviceMs.toFixed(3)) },
      second: Math.floor(wantedMs / 1000),
      stage: phases.findLastIndex(({ fromMs }) => fromMs <= wantedMs),
    };
  });
}
