import { hash } from 'node:crypto';
import type { Identity } from '@flowchart/contracts';

/**
 * A token as somebody sent it. What it says is true once its session is found: the session's id is the fingerprint of
 * the token as it was issued, so nothing else opens it.
 */
export interface PresentedToken {
  /** Of the session that this token opens. */
  readonly sessionId: string;
  readonly identity: Identity;
  readonly expiresAtMs: number;
  /** Of a foreign issuer: verified already, and good until it expires or is revoked. */
  readonly foreign: boolean;
  /** Verifies the signature, for when no session can be looked up. */
  isGenuine(): boolean;
}

const FINGERPRINT_LENGTH = 22;

/**
 * 132 bits of the token's SHA-256. An id that leaks opens nothing: it does not lead back to the token. Nor does it matter
 * how long a comparison of two ids takes.
 */
export const fingerprintOf = (token: string): string =>
  hash('sha256', token, 'base64url').slice(0, FINGERPRINT_LENGTH);

/** What a segment of a token says, for what it is worth; null when it is no JSON object. */
export function objectIn(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
