import { type AccessToken, type AuthStatus, type KeySet, loginSchema } from '@flowchart/contracts';
import { AppError, parseRequest } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { edgeErrors } from '../errors.js';
import { parseJsonBody } from '../routing/json-body.js';
import { clientAddress } from './client-address.js';
import { Credentials } from './credentials.js';
import { callerOf, knownCallerOf } from './gate.js';
import { type LoginAttempt, LoginThrottle } from './login-throttle.js';
import { Sessions } from './sessions.js';
import { TokenKeys } from './token-keys.js';

/** A new key is announced so much earlier than it signs, by the procedure of a rotation. */
const KEYS_MAX_AGE_SECONDS = 300;

/** What the edge answers by itself: logging in, logging out, who one is, and what proves it. */
@Injectable()
export class AuthHandlers {
  constructor(
    private readonly credentials: Credentials,
    private readonly throttle: LoginThrottle,
    private readonly sessions: Sessions,
    private readonly keys: TokenKeys,
    @Inject(EDGE_CONFIG) private readonly config: EdgeConfig,
  ) {}

  readonly login = async (request: FastifyRequest, reply: FastifyReply): Promise<AccessToken> => {
    const login = parseRequest(loginSchema, parseJsonBody(request.body));
    const attempt = { username: login.username, address: clientAddress(request, this.config.trustedProxies) };
    const limits = await this.throttle.admit(attempt);
    const verified = await this.credentials.verify(login, request.id);
    if (!verified) throw await this.wrongCredentials(attempt);
    const { token, sessionId } = await this.sessions.open(verified.identity);
    void reply.headers(limits);
    return {
      accessToken: token,
      tokenType: 'Bearer',
      // A client that is silent for longer is logged out; each request starts this time again.
      expiresIn: this.config.sessionTtlSeconds,
      sessionId,
    };
  };

  readonly logout = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await this.sessions.close(knownCallerOf(request).token);
    return reply.status(204).send();
  };

  readonly getAuthStatus = async (request: FastifyRequest): Promise<AuthStatus> => {
    const caller = callerOf(request);
    if (!caller) return { authenticated: false };
    const { identity, session } = caller;
    const { subject, name, degreeCode } = identity;
    return {
      authenticated: true,
      student: { id: subject, name, degreeCode },
      session: { id: session.id, expiresAt: new Date(session.expiresAtMs).toISOString() },
    };
  };

  readonly getTokenKeys = async (_request: FastifyRequest, reply: FastifyReply): Promise<KeySet> => {
    void reply.header('cache-control', `public, max-age=${KEYS_MAX_AGE_SECONDS}`);
    return { keys: this.keys.ring.all.map(({ jwk }) => jwk) };
  };

  private async wrongCredentials(attempt: LoginAttempt): Promise<AppError> {
    const limits = await this.throttle.failed(attempt);
    return new AppError(edgeErrors.WRONG_CREDENTIALS, 'Check username and password and try again.', {
      headers: { ...limits, 'www-authenticate': 'Bearer realm="degree-flowchart"' },
    });
  }
}
