import { edgeName, identityHeader, internalPrefix } from '@flowchart/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, platformErrors } from '../errors/app-error.js';
import { AssertionVerifier, type Caller, type Party } from './assertion.js';

const ACTUATOR_PREFIX = '/actuator/';
const admitted = new WeakMap<FastifyRequest, Caller>();

/**
 * Lets in the edge, and peers to the routes for them, before a byte of the body is read: whatever routes a service has
 * and gets later, its actuator aside.
 */
export function admitCallersOnly(server: FastifyInstance, self: Party): void {
  const verifier = new AssertionVerifier(self);
  server.addHook('onRequest', (request, _reply, done) => {
    // The route that was found, never the URL: that can be spelled in many ways.
    const { url: route = '' } = request.routeOptions;
    if (route.startsWith(ACTUATOR_PREFIX)) return done();
    const assertion = request.headers[identityHeader];
    const caller = typeof assertion === 'string' ? verifier.verify(assertion) : null;
    if (!caller) return done(unknownCaller());
    if (caller.issuer !== edgeName && !route.startsWith(internalPrefix)) return done(notForPeers(caller));
    admitted.set(request, caller);
    done();
  });
}

/** Who makes a request that was let in. */
export const callerOf = (request: FastifyRequest): Caller | undefined => admitted.get(request);

const unknownCaller = (): AppError =>
  new AppError(platformErrors.UNKNOWN_CALLER, 'This service takes requests from the edge only.', {
    headers: { 'www-authenticate': 'FlowchartIdentity' },
  });

const notForPeers = ({ issuer }: Caller): AppError =>
  new AppError(platformErrors.FORBIDDEN, `${issuer} may use nothing but ${internalPrefix}.`);
