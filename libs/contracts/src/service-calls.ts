/** How the parts of the system call each other behind the edge. */

/** The part that answers clients; the only one that may say who is asking. */
export const edgeName = 'edge-gateway';

/** Routes for services of the cluster; the edge never offers them to clients. */
export const internalPrefix = '/internal/';

const callers: Readonly<Record<string, readonly string[]>> = {
  'course-service': [edgeName, 'degree-service', 'student-service'],
  'degree-service': [edgeName, 'student-service'],
  'student-service': [edgeName],
};

/** Whose calls a service takes: those of the edge, and for `/internal/*` those of the peers that need them. */
export const callersOf = (service: string): readonly string[] => callers[service] ?? [edgeName];

/** Every pair of parts of which the one calls the other. */
export const serviceCalls = Object.entries(callers).flatMap(([audience, issuers]) =>
  issuers.map((issuer) => ({ issuer, audience })),
);

/** Header with the milliseconds that a caller still waits: relative, so that no two clocks have to agree. */
export const deadlineHeader = 'x-flowchart-deadline-ms';

/** Nobody waits for longer, whatever is said. */
const LONGEST_WAIT_MS = 60_000;

/** What the deadline header says; undefined where it is absent or no number. */
export function remainingMsIn(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), LONGEST_WAIT_MS);
}

/** What the deadline header is to say when so much time is left. */
export const deadlineText = (remainingMs: number): string => String(Math.max(0, Math.floor(remainingMs)));
