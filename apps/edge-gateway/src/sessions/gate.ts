import type { EdgeRoute, Identity } from '@flowchart/contracts';
import { AppError, platformErrors } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Session, Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

/** Somebody who logged in and has not logged out. */
export interface Caller {
  readonly identity: Identity;
  readonly session: Session;
}

const callers = new WeakMap<FastifyRequest, Caller>();
const challenge = 'Bearer realm="degree-flowchart"';

/** Lets in who may use a route, before a byte of the body is read. */
@Injectable()
export class Gate {
  constructor(
    private readonly tokens: Tokens,
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
    const content = this.tokens.verify(bearerToken(headers.authorization));
    if (!content) return null;
    const { identity, sessionId } = content;
    const session = await this.sessions.check(sessionId, identity.subject);
    return session && { identity, session };
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

function bearerToken(authorization: string | undefined): string {
  const [, token = ''] = /^Bearer ([^\s]+)$/i.exec(authorization ?? '') ?? [];
  return token;
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
