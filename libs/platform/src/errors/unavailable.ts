import { AppError, platformErrors } from './app-error.js';

/**
 * How sockets and PostgreSQL say that nobody is there: refused, cut off, shutting down, starting, too many clients, and
 * that a statement took too long.
 */
const codes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** PostgreSQL's whole class 08. */
const CONNECTION_EXCEPTION = '08';

/** What the `pg` driver says without a code. */
const messages =
  /^(Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect)/;

/** A dependency's absence as the error that tells callers to come back; any other error stays what it is. */
export function orUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!codes.has(code) && !code.startsWith(CONNECTION_EXCEPTION) && !messages.test(error.message))
    return error;
  return new AppError(
    platformErrors.DEPENDENCY_UNAVAILABLE,
    'Something this service depends on is away. Try again shortly.',
    { cause: error, headers: { 'retry-after': '1' } },
  );
}
