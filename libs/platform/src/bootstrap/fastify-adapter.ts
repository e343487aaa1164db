import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemContentType } from '@flowchart/contracts';
import { toProblem } from '../errors/problem.js';
import { AppError, platformErrors } from '../errors/app-error.js';
import { refuseBrokenRequest } from './broken-requests.js';
import { type ConnectionLimits, limitConnections, MAX_HEADERS, usualLimits } from './connection-limits.js';
import { closeAfterLastAnswer, partingResponses } from './draining.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';

/** Bodies over this are refused with 413. */
export const BODY_LIMIT_BYTES = 100 * 1024;

const MAX_PARAMETER_LENGTH = 200;

/** Fastify as all our servers use it. While it `isDraining` its answers send their clients away. */
export function fastifyAdapter(
  given: Partial<ConnectionLimits> = {},
  isDraining: () => boolean = () => false,
): FastifyAdapter {
  const limits = { ...usualLimits, ...given };
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.stalledTimeoutMs,
    maxRequestsPerSocket: limits.maxRequestsPerConnection,
    http: {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // Node would answer by itself, without a word; our hook below says what is missing.
      requireHostHeader: false,
      ServerResponse: partingResponses(isDraining),
    },
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH, ignoreTrailingSlash: true },
    requestIdHeader: false,
    genReqId: requestIdOf,
    // A request that arrives on a kept-alive connection while we drain is answered, not refused.
    return503OnClosing: false,
    // What Fastify refuses before any route is looked up, a malformed path for one.
    frameworkErrors: refuse,
    clientErrorHandler: refuseBrokenRequest,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    const trouble = troubleWith(request);
    if (trouble) refuse(trouble, request, reply);
    else done();
  });
  // RFC 9110, 10.1.1 lets us ignore what we do not know; Node's own 417 has none of our headers.
  const { server } = fastify;
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  limitConnections(server, limits);
  closeAfterLastAnswer(fastify);
  acceptStrictJson(fastify);
  return adapter;
}

/** What is wrong with a request whatever it asks for. */
function troubleWith({ headers, raw }: FastifyRequest): AppError | undefined {
  if (headers.host === undefined && raw.httpVersion !== '1.0')
    return new AppError(platformErrors.INVALID_REQUEST, 'The header Host is missing.');
  if (raw.rawHeaders.length > 2 * MAX_HEADERS)
    return new AppError(
      platformErrors.TOO_MANY_HEADERS,
      `A request may have at most ${MAX_HEADERS} headers.`,
    );
  return undefined;
}

/** Answers what reaches no route, and so no error handler and no hook that adds headers. */
function refuse(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? '/';
  const problem = toProblem(error, { path, requestId: request.id });
  void reply.status(problem.status).headers({
    ...securityHeaders,
    'cache-control': 'no-store',
    'x-request-id': request.id,
    'content-type': problemContentType,
  });
  void reply.send(JSON.stringify(problem));
}

/** JSON in valid UTF-8 without prototype poisoning; anything else is a clear 400 or 415. */
function acceptStrictJson(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (request: FastifyRequest, body: Buffer, done) => {
      // An empty body with a JSON content type is what many clients send with DELETE and logout.
      if (body.length === 0) return done(null, undefined);
      try {
        void parseJson(request, utf8.decode(body), done);
      } catch {
        done(new AppError(platformErrors.INVALID_REQUEST, 'The body is not valid UTF-8.'));
      }
    },
  );
}
