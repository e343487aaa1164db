import { createHash } from 'node:crypto';
import { type Identity, roleSchema } from '@flowchart/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { createSigner, createVerifier } from 'fast-jwt';
import { z } from 'zod';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';

/** What an access token says: who, and in which session. */
export interface TokenContent {
  readonly identity: Identity;
  readonly sessionId: string;
}

const ISSUER = 'flowchart-edge';
const AUDIENCE = 'flowchart-api';
/** Ours have about 450 characters; more is not worth a look. */
const MAX_TOKEN_LENGTH = 2048;

const tokenSchema = z.object({
  header: z.object({ kid: z.string() }),
  payload: z.object({
    sub: z.string().min(1),
    sid: z.string().min(1),
    name: z.string(),
    role: roleSchema,
    degree: z.string().nullable(),
  }),
});

/**
 * Access tokens, signed and verified here alone: HS256, the algorithm that costs least to verify. A token outlives many
 * sessions on purpose; it is good only while its session is alive, and that slides with each request.
 */
@Injectable()
export class Tokens {
  private readonly keyId: string;
  private readonly signContent: (claims: object) => string;
  private readonly verifyText: (token: string) => unknown;

  constructor(@Inject(EDGE_CONFIG) { tokenSecret, tokenTtlSeconds }: EdgeConfig) {
    this.keyId = createHash('sha256').update(tokenSecret).digest('hex').slice(0, 8);
    this.signContent = createSigner({
      key: tokenSecret,
      algorithm: 'HS256',
      kid: this.keyId,
      iss: ISSUER,
      aud: AUDIENCE,
      expiresIn: tokenTtlSeconds * 1000,
    });
    this.verifyText = createVerifier({
      key: tokenSecret,
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: AUDIENCE,
      // A claim that is allowed but absent would pass.
      requiredClaims: ['iss', 'aud', 'exp', 'sub', 'sid'],
      complete: true,
    }) as (token: string) => unknown;
  }

  sign({ identity, sessionId }: TokenContent): string {
    const { subject, name, role, degreeCode } = identity;
    return this.signContent({ sub: subject, sid: sessionId, name, role, degree: degreeCode });
  }

  /** Null for whatever was not signed here, has expired, or is not a token at all. */
  verify(token: string): TokenContent | null {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    try {
      const { header, payload } = tokenSchema.parse(this.verifyText(token));
      if (header.kid !== this.keyId) return null;
      const { sub, sid, name, role, degree } = payload;
      return { identity: { subject: sub, name, role, degreeCode: degree }, sessionId: sid };
    } catch {
      return null;
    }
  }
}
