import type { FastifyInstance } from 'fastify';
import type { AccessLog } from './access-log.js';
import { requestContext } from './request-context.js';

/** Puts the ids of a request and of its trace on what is logged for it, and its answer into the access log. */
export function logRequests(server: FastifyInstance, accessLog: AccessLog): void {
  server.addHook('onRequest', ({ id: requestId, headers: { traceparent } }, _reply, done) => {
    requestContext.run({ requestId, traceparent }, done);
  });
  server.addHook('preValidation', ({ id: requestId, headers: { traceparent } }, _reply, done) => {
    if (requestContext.getStore()?.requestId === requestId) return done();
    // What listens to the stream of a body runs outside of its request's context.
    requestContext.run({ requestId, traceparent }, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    accessLog.answered(request, reply.statusCode, reply.elapsedTime, request.id);
    done();
  });
  server.addHook('onClose', (_server, done) => {
    accessLog.close();
    done();
  });
}
