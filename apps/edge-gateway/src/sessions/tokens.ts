import { randomBytes, sign, verify } from 'node:crypto';
import type { Identity, Role } from '@flowchart/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import type { RingKey } from './key-ring.js';
import { fingerprintOf, objectIn, type PresentedToken } from './presented-token.js';
import { TokenKeys } from './token-keys.js';

export const TOKEN_ISSUER = 'flowchart-edge';
export const TOKEN_AUDIENCE = 'flowchart-api';

/** Ours have about 430 characters; more is not worth a look. */
const MAX_TOKEN_LENGTH = 2048;
/** Sixty-four bytes in base64url. */
const SIGNATURE_LENGTH = 86;
/** Two logins in one second give two tokens. */
const TOKEN_ID_BYTES = 12;

/**
 * Access tokens: JWTs that anybody verifies with the public keys of the JWKS. The edge itself seldom does, since a
 * verification costs ten times what finding the token's session costs; so it reads a token by hand, without regular
 * expressions or schemas, and leaves its proof to the session. A token outlives many sessions on purpose; it is good
 * only while its own is alive, and that slides with each request.
 */
@Injectable()
export class Tokens {
  private readonly ttlSeconds: number;

  constructor(
    private readonly keys: TokenKeys,
    @Inject(EDGE_CONFIG) { tokenTtlSeconds }: EdgeConfig,
  ) {
    this.ttlSeconds = tokenTtlSeconds;
  }

  sign({ subject, name, role, degreeCode }: Identity): string {
    const { header, privateKey } = this.keys.ring.signing;
    const issuedAt = Math.floor(Date.now() / 1000);
    const claims = {
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      sub: subject,
      jti: randomBytes(TOKEN_ID_BYTES).toString('base64url'),
      name,
      role,
      degree: degreeCode,
      iat: issuedAt,
      exp: issuedAt + this.ttlSeconds,
    };
    const text = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
  }

  /** Null for what no key of the ring has signed, what has expired, is not for here, or is not a token at all. */
  read(token: string): PresentedToken | null {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    const headerEnd = token.indexOf('.');
    const key = this.keys.ring.byHeader.get(token.slice(0, Math.max(headerEnd, 0)));
    const textEnd = token.length - SIGNATURE_LENGTH - 1;
    if (!key || token.charAt(textEnd) !== '.') return null;
    const claims = objectIn(token.slice(headerEnd + 1, textEnd));
    const identity = claims && identityOf(claims);
    const expiresAtMs = Number(claims?.exp) * 1000;
    if (!identity || !(expiresAtMs > Date.now())) return null;
    return {
      sessionId: fingerprintOf(token),
      identity,
      expiresAtMs,
      foreign: false,
      isGenuine: () => isSignedWith(key, token, textEnd),
    };
  }
}

function identityOf({ iss, aud, sub, name, role, degree }: Record<string, unknown>): Identity | null {
  if (iss !== TOKEN_ISSUER || aud !== TOKEN_AUDIENCE) return null;
  if (typeof sub !== 'string' || sub === '' || typeof name !== 'string' || !isRole(role)) return null;
  return typeof degree === 'string' || degree === null
    ? { subject: sub, name, role, degreeCode: degree }
    : null;
}

const isRole = (value: unknown): value is Role => value === 'student' || value === 'registrar';

/**
 * An Ed25519 signature has one form, and so has its text here: otherwise a token that was logged out while Redis was
 * away would come back in another spelling.
 */
function isSignedWith({ publicKey }: RingKey, token: string, textEnd: number): boolean {
  const text = token.slice(textEnd + 1);
  const signature = Buffer.from(text, 'base64url');
  if (signature.toString('base64url') !== text) return false;
  return verify(null, Buffer.from(token.slice(0, textEnd)), publicKey, signature);
}
