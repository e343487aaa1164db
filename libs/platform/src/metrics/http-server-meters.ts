import type { FastifyInstance } from 'fastify';
import type { Meters } from './meters.js';
import type { TimerSeries } from './timer.js';

/** Methods a label may show; whatever else a client invents is folded into one series. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const outcomes = ['UNKNOWN', 'INFORMATIONAL', 'SUCCESS', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];

/** Finds the series of an answer. `uri` must be a route template: raw paths would make as many series as requests. */
export type HttpSeries = (method: string, uri: string, status: number) => TimerSeries;

/** `http.server.requests`, tagged as Micrometer does. */
export function httpServerRequests(meters: Meters): HttpSeries {
  const timer = meters.timer({
    name: 'http.server.requests',
    description: 'Requests answered',
    tags: ['method', 'uri', 'status', 'outcome'],
  });
  return (method, uri, status) =>
    timer.for({
      method: KNOWN_METHODS.has(method) ? method : 'OTHER',
      uri,
      status: String(status),
      outcome: outcomes[Math.floor(status / 100)] ?? 'UNKNOWN',
    });
}

const templates = new Map<string, string>();

/** Fastify's `/courses/:id` as `/courses/{id}`, the form that every other document of ours uses. */
function template(url = 'UNKNOWN'): string {
  const known = templates.get(url);
  if (known) return known;
  const made = url.replaceAll(/:(\w+)/g, '{$1}');
  templates.set(url, made);
  return made;
}

/** Measures every request that reaches a route of `fastify`; what matches none is `UNKNOWN`. */
export function measureRequests(fastify: FastifyInstance, series: HttpSeries): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    series(
      request.method,
      request.is404 ? 'UNKNOWN' : template(request.routeOptions.url),
      reply.statusCode,
    ).record(reply.elapsedTime / 1000);
    done();
  });
}
