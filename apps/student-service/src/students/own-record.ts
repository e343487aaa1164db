/** What all routes under `/students/me` have in common. */
import { AppError, IdentityGuard, platformErrors } from '@flowchart/platform';
import { applyDecorators, type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';

/** None of these routes takes query parameters: `?id=` of somebody else should not look as if it had worked. */
class NoParametersGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<{ query: object }>();
    const [name] = Object.keys(query);
    if (name === undefined) return true;
    throw new AppError(platformErrors.INVALID_REQUEST, `There is no parameter ${name} here.`);
  }
}

/** Lets in who the edge vouches for, with nothing but the path. */
export const OwnRecord = () => applyDecorators(UseGuards(IdentityGuard, NoParametersGuard));
