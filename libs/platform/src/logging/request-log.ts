import type { FastifyInstance } from 'fastify';
import { requestContext } from './request-context.js';
import type { ServiceLogger } from './service-logger.js';

/** Probes come every second from everywhere, and tell in their answer what is wrong. */
const ACTUATOR_PREFIX = '/actuator/';
const CONTEXT = 'Request';

/** Puts the id of a request on what is logged for it; logs each that failed, and every one at the level `debug`. */
export function logRequests(server: FastifyInstance, logger: ServiceLogger): void {
  const logsAll = logger.isLevelEnabled('debug');
  server.addHook('onRequest', (request, _reply, done) => {
    requestContext.run({ requestId: request.id }, done);
  });
  server.addHook('preValidation', ({ id: requestId }, _reply, done) => {
    if (requestContext.getStore()?.requestId === requestId) return done();
    // What listens to the stream of a body runs outside of its request's context.
    requestContext.run({ requestId }, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const failed = reply.statusCode >= 500;
    if ((failed || logsAll) && !request.url.startsWith(ACTUATOR_PREFIX)) {
      const { id: requestId, method, url } = request;
      const fields = { requestId, method, url, status: reply.statusCode, durationMs: reply.elapsedTime };
      if (failed) logger.error(fields, 'request failed', CONTEXT);
      else logger.debug(fields, 'request answered', CONTEXT);
    }
    done();
  });
}
