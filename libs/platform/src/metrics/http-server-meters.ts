/** Rate, errors and durations of what a server answers. */
import type { FastifyInstance } from 'fastify';
import { hasSucceeded, outcomeOf } from './http-outcome.js';
import type { Meters } from './meters.js';
import type { TimerSeries } from './timer.js';

/** Methods a label may show; whatever else a client invents is folded into one series. */
export const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The edge's routes with their usual statuses, as answers and as refusals, take nine tenths of it. */
const MOST_SAMPLES = 1000;

/** Finds the series of an answer. `uri` must be a route template: raw paths would make as many series as requests. */
export type HttpSeries = (method: string, uri: string, status: number) => TimerSeries;

/** `http.server.requests`, tagged as Micrometer does. */
export function httpServerRequests(meters: Meters): HttpSeries {
  const timer = meters.timer(
    {
      name: 'http.server.requests',
      description: 'Requests answered, by buckets where they were not refused',
      tags: ['method', 'uri', 'status', 'outcome'],
    },
    { mostSamples: MOST_SAMPLES, hasBuckets: hasSucceeded },
  );
  return (method, uri, status) =>
    timer.for({
      method: KNOWN_METHODS.has(method) ? method : 'OTHER',
      uri,
      status: String(status),
      outcome: outcomeOf(status),
    });
}

const templates = new Map<string, string>();

/** Fastify's `/courses/:id` as `/courses/{id}`, the form that every other document of ours uses. */
export function routeTemplate(url = 'UNKNOWN'): string {
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
      request.is404 ? 'UNKNOWN' : routeTemplate(request.routeOptions.url),
      reply.statusCode,
    ).record(reply.elapsedTime / 1000, request.within?.span?.traceId);
    done();
  });
}
