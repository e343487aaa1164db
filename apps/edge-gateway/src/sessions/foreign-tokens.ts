import type { Identity } from '@flowchart/contracts';
import { RecentMap, SingleFlight } from '@flowchart/kernel';
import { AppError } from '@flowchart/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { edgeErrors } from '../errors.js';
import { issuerKeys, IssuerUnavailable } from './issuer-keys.js';
import { fingerprintOf, objectIn, type PresentedToken } from './presented-token.js';
import type { IssuerConfig } from './token-environment.js';

/** Asymmetric ones only: with HS256 the public key would be a secret that everybody knows. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Tokens of some issuers carry long lists; Node reads headers of 16 KB at most. */
const MAX_TOKEN_LENGTH = 8192;
const CLOCK_TOLERANCE_SECONDS = 5;
/** A verification costs hundreds of microseconds, so each token is verified once. About 500 bytes each. */
const REMEMBERED_TOKENS = 20_000;

const uuid = z.uuid();

/** Access tokens of the one foreign issuer that the configuration names, if it names one. */
@Injectable()
export class ForeignTokens {
  private readonly logger = new Logger(ForeignTokens.name);
  private readonly config: IssuerConfig | undefined;
  private readonly keys: ReturnType<typeof issuerKeys> | undefined;
  private readonly verified = new RecentMap<string, PresentedToken>(REMEMBERED_TOKENS);
  private readonly verifications = new SingleFlight<PresentedToken | null>();

  constructor(@Inject(EDGE_CONFIG) { issuer }: EdgeConfig) {
    this.config = issuer;
    this.keys = issuer && issuerKeys(issuer);
  }

  /** Null for what the issuer has not signed for us; throws 503 while its keys are not to be had. */
  async read(token: string): Promise<PresentedToken | null> {
    if (!this.config || !this.keys || !claimsIssuer(token, this.config.issuer)) return null;
    const { config, keys } = this;
    const sessionId = fingerprintOf(token);
    const known =
      this.verified.get(sessionId) ??
      (await this.verifications.do(sessionId, () => this.verify(token, config, keys)));
    return known && known.expiresAtMs > Date.now() ? known : null;
  }

  private async verify(
    token: string,
    config: IssuerConfig,
    keys: ReturnType<typeof issuerKeys>,
  ): Promise<PresentedToken | null> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const identity = identityIn(payload, config);
      if (!identity) this.logger.warn(`a token of ${config.issuer} has no UUID as ${config.subjectClaim}`);
      return identity && this.remember(token, identity, payload);
    } catch (error) {
      return refusal(error, config);
    }
  }

  private remember(token: string, identity: Identity, { exp = 0 }: JWTPayload): PresentedToken {
    const sessionId = fingerprintOf(token);
    const genuine = { sessionId, identity, expiresAtMs: exp * 1000, foreign: true, isGenuine: () => true };
    this.verified.set(sessionId, genuine);
    return genuine;
  }
}

/** Cheap: what does not even claim to be of the issuer is not worth asking for its keys. */
function claimsIssuer(token: string, issuer: string): boolean {
  if (token.length > MAX_TOKEN_LENGTH) return false;
  const [, payload] = token.split('.', 3);
  return payload !== undefined && objectIn(payload)?.['iss'] === issuer;
}

function identityIn(
  payload: JWTPayload,
  { subjectClaim, roleClaim, registrarRole }: IssuerConfig,
): Identity | null {
  const subject = uuid.safeParse(payload[subjectClaim]);
  if (!subject.success) return null;
  const roles = [payload[roleClaim]].flat();
  return {
    subject: subject.data.toLowerCase(),
    name: typeof payload['name'] === 'string' ? payload['name'] : '',
    role: roles.includes(registrarRole) ? 'registrar' : 'student',
    // Degrees are no matter of the issuer.
    degreeCode: null,
  };
}

function refusal(error: unknown, { pauseMs }: IssuerConfig): null {
  if (!(error instanceof errors.JOSEError || error instanceof IssuerUnavailable)) throw error;
  if (error instanceof IssuerUnavailable || error instanceof errors.JWKSTimeout) {
    throw new AppError(edgeErrors.ISSUER_UNAVAILABLE, 'Your token cannot be verified at the moment.', {
      headers: { 'retry-after': String(Math.ceil(pauseMs / 1000)) },
      cause: error,
    });
  }
  return null;
}
