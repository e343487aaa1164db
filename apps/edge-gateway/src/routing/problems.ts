import { problemContentType } from '@flowchart/contracts';
import { AppError, BODY_LIMIT_BYTES, platformErrors, toProblem } from '@flowchart/platform';
import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { edgeErrors } from '../errors.js';

const logger = new Logger('Edge');

/** Fastify's own refusals, said in a way that tells what to do. */
const fastifyErrors: Readonly<Record<string, () => AppError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new AppError(edgeErrors.BODY_TOO_LARGE, `A body may have at most ${BODY_LIMIT_BYTES} bytes.`),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new AppError(edgeErrors.UNSUPPORTED_MEDIA_TYPE, 'Send the body as application/json.'),
};

/** Answers with the problem that `error` is. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = translated(error);
  const problem = toProblem(known, { path: pathOf(request), requestId: request.id });
  if (problem.status >= 500)
    logger.warn({ err: error, requestId: request.id, status: problem.status }, problem.title);
  if (known instanceof AppError) void reply.headers(known.headers);
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  void reply.status(problem.status).header('content-type', problemContentType).send(JSON.stringify(problem));
}

/** The path of a request without its query. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

export const notFound = (request: FastifyRequest): AppError =>
  new AppError(
    platformErrors.NOT_FOUND,
    `There is nothing at ${pathOf(request)}. /openapi.json lists what there is.`,
  );

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  return fastifyErrors[String(error.code)]?.() ?? error;
}
