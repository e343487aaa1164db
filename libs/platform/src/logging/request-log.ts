import type { FastifyInstance } from 'fastify';
import { receiveRequest } from '../tracing/server-spans.js';
import type { Tracing } from '../tracing/tracing.js';
import type { AccessLog } from './access-log.js';
import { type RequestContext, requestContext } from './request-context.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** In which its work is done. */
    within: RequestContext | undefined;
  }
}

/** Puts the ids of a request and of its trace on what is logged for it, and its answer into the access log. */
export function logRequests(server: FastifyInstance, accessLog: AccessLog, tracing: Tracing): void {
  server.decorateRequest('within', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    request.within = { requestId: request.id, ...receiveRequest(tracing, request, reply) };
    requestContext.run(request.within, done);
  });
  server.addHook('preValidation', ({ within }, _reply, done) => {
    if (!within || requestContext.getStore() === within) return done();
    // What listens to the stream of a body runs outside of its request's context.
    requestContext.run(within, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    accessLog.answered(request, reply.statusCode, reply.elapsedTime, request.id, request.within?.traceparent);
    done();
  });
  server.addHook('onClose', (_server, done) => {
    accessLog.close();
    done();
  });
}
