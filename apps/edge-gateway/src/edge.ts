import { METHODS } from 'node:http';
import { type EdgeRoute, edgeRoutes } from '@flowchart/contracts';
import { addSecurityHeaders, AppError, SERVICE_OPTIONS, type ServiceOptions } from '@flowchart/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, onRequestHookHandler, RouteHandlerMethod, RouteOptions } from 'fastify';
import { CachedReads } from './cached-reads/cached-reads.js';
import { WarmUp } from './cached-reads/warm-up.js';
import { documentPath, pagePath, serveDocumentation } from './documentation/documentation.js';
import { edgeErrors } from './errors.js';
import { Forwarding } from './forwarding/forwarding.js';
import { RateLimits } from './protection/rate-limits/rate-limits.js';
import { Shedder } from './protection/shedding/shedder.js';
import { addresserOf } from './routing/address.js';
import { putInFront } from './routing/front.js';
import { keepJsonBytes } from './routing/json-body.js';
import { notFound, sendProblem } from './routing/problems.js';
import { AuthHandlers } from './sessions/auth-handlers.js';
import { Gate } from './sessions/gate.js';

/**
 * Opens the door: stored answers go out in front of everything, every row of the route table becomes a route of Fastify,
 * and everything else is refused. Done before the server listens.
 */
export async function openEdge(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const { answerAtOnce, answerStored } = app.get(CachedReads);
  putInFront(app.getHttpServer(), [answerAtOnce, app.get(Shedder).answering(answerStored)]);
  server.addHook('onSend', addSecurityHeaders);
  server.addHook('onRequest', app.get(RateLimits).byAddress);
  server.addHook('onRequest', refuseUnknownPaths);
  server.addHook('onListen', async () => app.get(WarmUp).start());
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !server.supportedMethods.includes(method)) server.addHttpMethod(method);
  }
  await server.register(async (fastify) => {
    fastify.setErrorHandler(sendProblem);
    keepJsonBytes(fastify);
    for (const route of edgeRoutes) fastify.route(routeOptions(route, app));
    for (const [url, allowed] of methodsByUrl()) fastify.route(otherMethods(server, url, allowed));
    await serveDocumentation(fastify, app.get<ServiceOptions>(SERVICE_OPTIONS).version);
  });
}

const refuseUnknownPaths: onRequestHookHandler = (request, reply, done) => {
  if (request.is404) sendProblem(notFound(request), request, reply);
  else done();
};

function routeOptions(route: EdgeRoute, app: NestFastifyApplication): RouteOptions {
  const url = fastifyPath(route);
  if (route.freshSeconds !== undefined) {
    return {
      method: route.method,
      url,
      onRequest: app.get(CachedReads).hook(route),
      handler: answeredInHook,
    };
  }
  return {
    method: route.method,
    url,
    onRequest: [neverStored, app.get(Gate).hook(route), app.get(RateLimits).byUser],
    handler: route.owner === 'edge' ? ownHandler(route, app) : app.get(Forwarding).handler(route),
  };
}

function ownHandler(route: EdgeRoute, app: NestFastifyApplication): RouteHandlerMethod {
  const { login, logout, getAuthStatus, getTokenKeys } = app.get(AuthHandlers);
  const handler = new Map(Object.entries({ login, logout, getAuthStatus, getTokenKeys })).get(
    route.operation,
  );
  if (!handler) throw new Error(`the edge owns ${route.operation} but has no handler for it`);
  const addressOf = addresserOf(route);
  return (request, reply) => {
    addressOf(request);
    return handler(request, reply);
  };
}

/** Each known path with the methods that it has. */
function methodsByUrl(): Map<string, Set<string>> {
  const byUrl = new Map([documentPath, pagePath].map((url) => [url, new Set(['GET', 'HEAD'])]));
  for (const route of edgeRoutes) {
    const methods = byUrl.get(fastifyPath(route)) ?? new Set();
    methods.add(route.method);
    if (route.method === 'GET') methods.add('HEAD');
    byUrl.set(fastifyPath(route), methods);
  }
  return byUrl;
}

function otherMethods(
  { supportedMethods }: FastifyInstance,
  url: string,
  allowed: ReadonlySet<string>,
): RouteOptions {
  const allow = [...allowed].join(', ');
  return {
    method: supportedMethods.filter((method) => !allowed.has(method)),
    url,
    onRequest: async ({ method }) => {
      throw new AppError(edgeErrors.METHOD_NOT_ALLOWED, `There is no ${method} here, but ${allow}.`, {
        headers: { allow },
      });
    },
    handler: answeredInHook,
  };
}

const neverStored: onRequestHookHandler = (_request, reply, done) => {
  void reply.header('cache-control', 'private, no-store');
  done();
};

const answeredInHook: RouteHandlerMethod = () => {
  throw new Error('this route is answered in its hook');
};

/** `/courses/{id}` as Fastify writes it, `/courses/:id`. */
const fastifyPath = ({ path }: EdgeRoute): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
