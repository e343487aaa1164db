/** The signed word of who calls a service: a JWT for one audience, under the key of that one direction. */
import { callersOf, edgeName, type Identity, roleSchema } from '@flowchart/contracts';
import { RecentMap } from '@flowchart/kernel';
import { createSigner, createVerifier } from 'fast-jwt';
import { z } from 'zod';
import type { IdentityKeys } from './identity-keys.js';

/** Long enough for a retry over a slow hop and clocks that differ, short enough to be worthless in a log. */
const LIFETIME_MS = 30_000;
/** An assertion is used again for so long: it then has two thirds of its lifetime left. */
const REUSED_MS = 10_000;
/** Identities, or assertions, that are remembered: a few megabytes. */
const REMEMBERED = 5000;
/** Ours are below 400 characters; nothing much longer deserves to be hashed. */
const MAX_LENGTH = 2000;

/** Which part of the system calls, and in whose name; only the edge calls in somebody's. */
export interface Caller {
  readonly issuer: string;
  readonly identity: Identity | null;
}

/** A part of the system as its keys know it. */
export interface Party {
  readonly name: string;
  readonly identityKeys: IdentityKeys;
}

const claimsSchema = z.object({
  exp: z.number(),
  sub: z.string().min(1).optional(),
  name: z.string().optional(),
  role: roleSchema.optional(),
  degree: z.string().nullish(),
});
type Claims = z.infer<typeof claimsSchema>;

/** Signs the calls of one part to one other (HS256: both sides are ours, and it costs a tenth of a signature). */
export class AssertionSigner {
  private readonly signClaims: (claims: object) => string;
  private readonly signed = new RecentMap<string, { text: string; signedAtMs: number }>(REMEMBERED);

  constructor({ name, identityKeys }: Party, audience: string) {
    const [key] = identityKeys(name, audience);
    this.signClaims = createSigner({
      key: key as Buffer,
      algorithm: 'HS256',
      iss: name,
      aud: audience,
      expiresIn: LIFETIME_MS,
    });
  }

  /** The assertion for a call in the name of `identity`, or in nobody's. */
  sign(identity: Identity | null = null): string {
    const who = identity ? JSON.stringify(identity) : '';
    const known = this.signed.get(who);
    const nowMs = Date.now();
    if (known && nowMs - known.signedAtMs < REUSED_MS) return known.text;
    const text = this.signClaims(identity ? claimsOf(identity) : {});
    this.signed.set(who, { text, signedAtMs: nowMs });
    return text;
  }
}

interface Verified {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

interface Issuer {
  readonly issuer: string;
  readonly verify: (assertion: string) => unknown;
}

/** Reads what the callers of one service signed for it. */
export class AssertionVerifier {
  private readonly issuers: readonly Issuer[];
  private readonly verified = new RecentMap<string, Verified>(REMEMBERED);

  constructor({ name, identityKeys }: Party) {
    this.issuers = callersOf(name).flatMap((issuer) =>
      identityKeys(issuer, name).map((key) => ({ issuer, verify: verifierOf(key, issuer, name) })),
    );
  }

  /** Null for whatever is forged, expired, malformed, meant for somebody else, or more than its issuer may say. */
  verify(assertion: string): Caller | null {
    const verified = this.verified.get(assertion) ?? this.check(assertion);
    return verified && Date.now() < verified.expiresAtMs ? verified.caller : null;
  }

  private check(assertion: string): Verified | null {
    if (assertion.length > MAX_LENGTH) return null;
    for (const { issuer, verify } of this.issuers) {
      const claims = claimsOrNull(verify, assertion);
      if (!claims) continue;
      const identity = identityOf(claims);
      if (identity && issuer !== edgeName) return null;
      const verified = { caller: { issuer, identity }, expiresAtMs: claims.exp * 1000 };
      this.verified.set(assertion, verified);
      return verified;
    }
    return null;
  }
}

function verifierOf(key: Buffer, issuer: string, audience: string): Issuer['verify'] {
  return createVerifier({
    key,
    algorithms: ['HS256'],
    allowedIss: issuer,
    allowedAud: audience,
    // A claim that is allowed but absent would pass.
    requiredClaims: ['iss', 'aud', 'exp'],
  }) as Issuer['verify'];
}

function claimsOrNull(verify: Issuer['verify'], assertion: string): Claims | null {
  try {
    return claimsSchema.parse(verify(assertion));
  } catch {
    return null;
  }
}

const claimsOf = ({ subject, name, role, degreeCode }: Identity) => ({
  sub: subject,
  name,
  role,
  degree: degreeCode,
});

function identityOf({ sub, name = '', role, degree = null }: Claims): Identity | null {
  return sub !== undefined && role ? { subject: sub, name, role, degreeCode: degree } : null;
}
