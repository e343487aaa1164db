import { AppError, BODY_LIMIT_BYTES, platformErrors } from '@flowchart/platform';
import type { FastifyInstance } from 'fastify';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Takes JSON as the bytes it is: what is only passed on need not be understood here. Anything else is refused. */
export function keepJsonBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body, done) => done(null, body),
  );
}

/** The bytes of a body that has to be there. */
export function requiredBody(body: unknown): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new AppError(platformErrors.INVALID_REQUEST, 'This needs a body of application/json.');
}

/** What a body that has to be there says. */
export function parseJsonBody(body: unknown): unknown {
  const bytes = requiredBody(body);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new AppError(platformErrors.INVALID_REQUEST, 'The body is not JSON in UTF-8.');
  }
}
