// After every run: is everything that the system acknowledged still true? Asks through its public API alone, for ten seconds at most.

import type { AuditCheck } from '../analysis/findings.js';
import type { Companion } from '../companion.js';
import type { Measurement } from '../engine/run.js';
import { waitUntilReady } from '../engine/readiness.js';
import type { RunRequest } from '../run-request.js';
import { checkCaches } from './check-caches.js';
import { checkPlans } from './check-plans.js';
import { checkSessions } from './check-sessions.js';
import { AuditedEdge } from './edge.js';

/** How long a system that was under load a moment ago may take until it answers. */
const readyWithinMs = 10_000;
const plansWithinMs = 6000;
const sessionsWithinMs = 2000;
const cachesWithinMs = 3000;

export function createAudit({ profile, baseUrl }: RunRequest): Companion | undefined {
  if (!profile.audit) return undefined;
  return { finish: async (measurement) => ({ findings: { audit: await audit(baseUrl, measurement) } }) };
}

export async function audit(
  baseUrl: string,
  { ledger, plan }: Pick<Measurement, 'ledger' | 'plan'>,
  waitMs = readyWithinMs,
): Promise<AuditCheck[]> {
  try {
    await waitUntilReady(baseUrl, { waitMs });
  } catch (error) {
    const examples = [`After the run the target does not answer any more: ${(error as Error).message}`];
    return [{ name: 'target', examined: 0, violations: 1, examples, note: 'nothing could be examined' }];
  }
  const within = (ms: number) => new AuditedEdge(baseUrl, Date.now() + ms);
  return [
    ...(await checkPlans(within(plansWithinMs), ledger, plan.seed)),
    await checkSessions(within(sessionsWithinMs), ledger),
    await checkCaches(within(cachesWithinMs), plan),
  ];
}
