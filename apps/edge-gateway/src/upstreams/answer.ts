/** What a service answered, and what is answered in its place where it did not. */
import { AppError, type ExchangeAnswer, NoAnswer, platformErrors } from '@flowchart/platform';
import { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';
import { edgeErrors } from '../errors.js';

export type UpstreamAnswer = ExchangeAnswer;

/** The first value of a header of an answer. */
export function headerOf(answer: UpstreamAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The answer of `service`, or the edge's own problem where the service failed. */
export function orProblem(answer: UpstreamAnswer, service: string): UpstreamAnswer {
  const { status } = answer;
  if (status < 500) return answer;
  if (status === 503) throw unavailable(service, undefined, headerOf(answer, 'retry-after'));
  const cause = new Error(`${service} answered ${status}`);
  if (status === 504) throw tooSlow(`${service} did not answer in time. Try again shortly.`, cause);
  throw new AppError(edgeErrors.SERVICE_FAILED, `${service} failed. The request id finds it in the logs.`, {
    cause,
  });
}

/** A call that was not let through or not answered, as the problem to answer with; any other error stays what it is. */
export function problemOf(
  error: unknown,
  { service, timeoutMs }: { service: string; timeoutMs: number },
): unknown {
  if (error instanceof NoAnswer && error.reason === 'timeout') {
    return tooSlow(`${service} did not answer within ${timeoutMs} ms. Try again shortly.`, error);
  }
  if (error instanceof BulkheadRejectedError) {
    return new AppError(
      platformErrors.DEPENDENCY_UNAVAILABLE,
      `${service} has too much to do. Try again shortly.`,
      { cause: error, headers: { 'retry-after': '1' } },
    );
  }
  const isAway = error instanceof NoAnswer || error instanceof BrokenCircuitError;
  return isAway ? unavailable(service, error) : error;
}

function unavailable(service: string, cause?: unknown, retryAfter = '1'): AppError {
  return new AppError(
    platformErrors.DEPENDENCY_UNAVAILABLE,
    `${service} does not answer. Try again shortly.`,
    { cause, headers: { 'retry-after': retryAfter } },
  );
}

const tooSlow = (detail: string, cause: unknown): AppError =>
  new AppError(edgeErrors.SERVICE_TIMEOUT, detail, { cause, headers: { 'retry-after': '1' } });
