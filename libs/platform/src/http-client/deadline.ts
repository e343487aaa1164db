import { AsyncLocalStorage } from 'node:async_hooks';
import { deadlineHeader, remainingMsIn } from '@flowchart/contracts';
import type { FastifyInstance } from 'fastify';
import { AppError, platformErrors } from '../errors/app-error.js';

const deadlinesMs = new AsyncLocalStorage<number>();

/** Keeps how long the caller of each request still waits, for `timeLeftMs`. What nobody waits for is not begun. */
export function keepDeadlines(server: FastifyInstance): void {
  // After the body was read: what listens to the stream of a body runs outside of its request's context.
  server.addHook('preValidation', (request, _reply, done) => {
    const remainingMs = remainingMsIn(request.headers[deadlineHeader]);
    if (remainingMs === undefined) return done();
    if (remainingMs === 0) return done(tooLate());
    deadlinesMs.run(performance.now() + remainingMs, done);
  });
}

/** How long who made the current request still waits: nothing and less once it is too late, infinity outside of any. */
export const timeLeftMs = (): number => (deadlinesMs.getStore() ?? Infinity) - performance.now();

const tooLate = (): AppError =>
  new AppError(platformErrors.DEADLINE_EXCEEDED, 'Whoever asked does not wait any more.');
