import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const saneRequestId = /^[\w.:@/+=-]{1,128}$/;

/** Takes over the caller's request id when it is safe to log and to send back, else makes one. */
export function requestIdOf(request: { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) ? given : newRequestId();
}

/** 72 bits that no other process has, drawn once. */
const processPart = randomBytes(9).toString('base64url');
let requests = 0;

/**
 * Unique among all processes, and in the order of a process' requests. It finds log lines and keeps no secret, so it
 * need not be hard to guess: counting costs a third of a random UUID, which a cached answer would notice.
 */
export const newRequestId = (): string => `${processPart}-${(requests++).toString(36)}`;
