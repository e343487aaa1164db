// What reports say of a slow request, and where its trace is looked at.

import type { RunRecord, SlowRequest } from '../analysis/record.js';

export const outcomeOf = ({ outcome, status }: SlowRequest): string =>
  outcome === 'answered' ? `status ${status}` : outcome;

/**
 * Only where there is one to look at: a trace that is not marked as sampled was most likely not kept. A record may come
 * from anywhere, so the address is looked at once more.
 */
export function traceLink({ trace }: RunRecord, { traceId, sampled }: SlowRequest): string | undefined {
  if (!sampled || trace?.url === undefined || !/^https?:\/\//i.test(trace.url)) return undefined;
  return trace.url.replaceAll('{traceId}', encodeURIComponent(traceId));
}
