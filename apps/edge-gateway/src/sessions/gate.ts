import type { EdgeRoute, Identity } from '@flowchart/contracts';
import { AppError, platformErrors } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForeignTokens } from './foreign-tokens.js';
import type { PresentedToken } from './presented-token.js';
import { type Session, Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

/** Somebody who logged in and has not logged out. */
export interface Caller {
  readonly identity: Identity;
  readonly session: Session;
  readonly token: PresentedToken;
}

const callers = new WeakMap<FastifyRequest, Caller>();
const challenge = 'Bearer realm="degree-flowchart"';
const SCHEME = 'bearer ';

/** Lets in who may use a route, before a byte of the body is read. */
@Injectable()
export class Gate {
  constructor(
    private readonly tokens: Tokens,
    private readonly foreignTokens: ForeignTokens,
    private readonly sessions: Sessions,
  ) {}

  hook({ access }: EdgeRoute): (request: FastifyRequest) => Promise<void> {
    return async (request) => {
      if (access === 'public') return;
      const caller = await this.callerOf(request);
      if (caller) callers.set(request, caller);
      else if (access !== 'optional') throw unauthenticated(request);
      if (access === 'registrar' && caller?.identity.role !== 'registrar') {
        throw new AppError(platformErrors.FORBIDDEN, 'This needs the role registrar.');
      }
    };
  }

  private async callerOf({ headers }: FastifyRequest): Promise<Caller | null> {
    const text = bearerToken(headers.authorization);
    if (text === '') return null;
    const token = this.tokens.read(text) ?? (await this.foreignTokens.read(text));
    if (!token) return null;
    const session = await this.sessions.check(token);
    return session && { identity: token.identity, session, token };
  }
}

/** Who makes a request; undefined where nobody has to log in and nobody did. */
export const callerOf = (request: FastifyRequest): Caller | undefined => callers.get(request);

/** Who makes a request that `Gate` let in. */
export function knownCallerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('knownCallerOf needs a route whose access demands a login');
  return caller;
}

function bearerToken(authorization = ''): string {
  const scheme = authorization.slice(0, SCHEME.length).toLowerCase();
  return scheme === SCHEME ? authorization.slice(SCHEME.length) : '';
}

function unauthenticated({ headers }: FastifyRequest): AppError {
  const [detail, header] =
    headers.authorization === undefined
      ? ['POST /auth/login gives a token; send it as "Authorization: Bearer …".', challenge]
      : [
          'The token is not valid here, has expired, or its session has ended. Log in again.',
          `${challenge}, error="invalid_token"`,
        ];
  return new AppError(platformErrors.UNAUTHENTICATED, detail, { headers: { 'www-authenticate': header } });
}
