/** How an exchange over HTTP ended, as Micrometer's tag `outcome` has it. */
import type { Tags } from './timer.js';

const outcomes = ['UNKNOWN', 'INFORMATIONAL', 'SUCCESS', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];

/** `UNKNOWN` for whatever is no status. */
export const outcomeOf = (status: number): string => outcomes[Math.floor(status / 100)] ?? 'UNKNOWN';

const failures = new Set(['UNKNOWN', 'CLIENT_ERROR', 'SERVER_ERROR']);

/**
 * Buckets are for answers that are of use: how soon a request is refused says nothing about how quick we are, and with
 * buckets for each refusal of each route a page of metrics would be four times as long.
 */
export const hasSucceeded = ({ outcome = 'UNKNOWN' }: Tags): boolean => !failures.has(outcome);
