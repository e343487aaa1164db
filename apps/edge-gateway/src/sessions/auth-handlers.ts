import { type AccessToken, type AuthStatus, loginSchema } from '@flowchart/contracts';
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
import { Tokens } from './tokens.js';

/** What the edge answers by itself: logging in, logging out, and who one is. */
@Injectable()
export class AuthHandlers {
  constructor(
    private readonly credentials: Credentials,
    private readonly throttle: LoginThrottle,
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
    @Inject(EDGE_CONFIG) private readonly config: EdgeConfig,
  ) {}

  readonly login = async (request: FastifyRequest, reply: FastifyReply): Promise<AccessToken> => {
    const login = parseRequest(loginSchema, parseJsonBody(request.body));
    const attempt = { username: login.username, address: clientAddress(request, this.config.trustedProxies) };
    this.throttle.admit(attempt);
    const verified = await this.credentials.verify(login, request.id);
    if (!verified) throw this.wrongCredentials(attempt);
    const { identity } = verified;
    const { id: sessionId } = await this.sessions.open(identity.subject);
    void reply.headers(this.throttle.headers(attempt));
    return {
      accessToken: this.tokens.sign({ identity, sessionId }),
      tokenType: 'Bearer',
      // A client that is silent for longer is logged out; each request starts this time again.
      expiresIn: this.config.sessionTtlSeconds,
      sessionId,
    };
  };

  readonly logout = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await this.sessions.close(knownCallerOf(request).session.id);
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

  private wrongCredentials(attempt: LoginAttempt): AppError {
    this.throttle.failed(attempt);
    return new AppError(edgeErrors.WRONG_CREDENTIALS, 'Check username and password and try again.', {
      headers: { ...this.throttle.headers(attempt), 'www-authenticate': 'Bearer realm="degree-flowchart"' },
    });
  }
}
