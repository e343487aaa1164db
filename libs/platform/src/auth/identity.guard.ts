import { identityHeader, type Identity, type Role } from '@flowchart/contracts';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError, platformErrors } from '../errors/app-error.js';
import { SERVICE_OPTIONS, type ServiceOptions } from '../bootstrap/service-options.js';
import { identityVerifier } from './identity-assertion.js';

const ROLE = 'flowchart:role';
const identities = new WeakMap<FastifyRequest, Identity>();

/** Demands a role on a controller or handler that `IdentityGuard` protects; without it any role will do. */
export const RequireRole = (role: Role) => SetMetadata(ROLE, role);

/** The verified `Identity` of the request; only behind `IdentityGuard`. */
export const CurrentIdentity = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = identities.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!identity)
    throw new Error('CurrentIdentity needs @UseGuards(IdentityGuard) on the handler or its controller');
  return identity;
});

/** Lets a request in only with an identity that the edge signed. */
@Injectable()
export class IdentityGuard implements CanActivate {
  private readonly verify: (assertion: string) => Identity | null;

  constructor(
    private readonly reflector: Reflector,
    @Inject(SERVICE_OPTIONS) options: ServiceOptions,
  ) {
    this.verify = identityVerifier(options.identitySecret);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const assertion = request.headers[identityHeader];
    const identity = typeof assertion === 'string' ? this.verify(assertion) : null;
    if (!identity)
      throw new AppError(platformErrors.UNAUTHENTICATED, 'This service takes requests from the edge only.');
    const role = this.reflector.getAllAndOverride<Role | undefined>(ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (role && identity.role !== role) {
      throw new AppError(platformErrors.FORBIDDEN, `This needs the role ${role}.`);
    }
    identities.set(request, identity);
    return true;
  }
}
