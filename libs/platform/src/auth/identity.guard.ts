import type { Identity, Role } from '@flowchart/contracts';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError, platformErrors } from '../errors/app-error.js';
import { callerOf } from './admission.js';

const ROLE = 'flowchart:role';

/** Demands a role on a controller or handler that `IdentityGuard` protects; without it any role will do. */
export const RequireRole = (role: Role) => SetMetadata(ROLE, role);

/** The verified `Identity` of the request; only behind `IdentityGuard`. */
export const CurrentIdentity = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = callerOf(context.switchToHttp().getRequest<FastifyRequest>())?.identity;
  if (!identity)
    throw new Error('CurrentIdentity needs @UseGuards(IdentityGuard) on the handler or its controller');
  return identity;
});

/** Lets a request in only in the name of somebody whom the edge knows. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const identity = callerOf(context.switchToHttp().getRequest<FastifyRequest>())?.identity;
    if (!identity) throw new AppError(platformErrors.UNAUTHENTICATED, 'This is for who is logged in.');
    const role = this.reflector.getAllAndOverride<Role | undefined>(ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (role && identity.role !== role) {
      throw new AppError(platformErrors.FORBIDDEN, `This needs the role ${role}.`);
    }
    return true;
  }
}
