import { deadlineHeader, remainingMsIn } from '@flowchart/contracts';
import type { FastifyInstance } from 'fastify';
import { AppError, platformErrors } from '../errors/app-error.js';
import { requestContext } from '../logging/request-context.js';

/** Keeps how long the caller of each request still waits, for `timeLeftMs`. What nobody waits for is not begun. */
export function keepDeadlines(server: FastifyInstance): void {
  server.addHook('preValidation', ({ id: requestId, headers }, _reply, done) => {
    const remainingMs = remainingMsIn(headers[deadlineHeader]) ?? Infinity;
    if (remainingMs === 0) return done(tooLate());
    const deadlineMs = performance.now() + remainingMs;
    requestContext.run({ ...requestContext.getStore(), requestId, deadlineMs }, done);
  });
}

/** How long who made the current request still waits: nothing and less once it is too late, infinity outside of any. */
export const timeLeftMs = (): number =>
  (requestContext.getStore()?.deadlineMs ?? Infinity) - performance.now();

const tooLate = (): AppError =>
  new AppError(platformErrors.DEADLINE_EXCEEDED, 'Whoever asked does not wait any more.');
