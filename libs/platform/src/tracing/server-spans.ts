// Spans of the requests that this process answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACTUATOR_PREFIX } from '../logging/access-log.js';
import { redactText } from '../logging/redaction.js';
import { KNOWN_METHODS, routeTemplate } from '../metrics/http-server-meters.js';
import type { Described, Received, Tracing } from './tracing.js';
import type { SpanEnd } from './work-span.js';

/** An answer that went out past Fastify. */
export interface FrontRequest {
  readonly request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>;
  /** Its template; undefined where none was looked for. */
  readonly route?: string;
  readonly status: number;
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  /** Where the answer was found. */
  readonly cache?: string;
}

/** Begins the span of `request`, which ends with its answer or when its client is gone. Probes have none. */
export function receiveRequest(tracing: Tracing, request: FastifyRequest, reply: FastifyReply): Received {
  const { traceparent } = request.headers;
  if (!tracing.on || request.url.startsWith(ACTUATOR_PREFIX)) return { traceparent };
  const route = request.is404 ? undefined : routeTemplate(request.routeOptions.url);
  const received = tracing.receive(traceparent, () => describe(request, route));
  const { span } = received;
  if (span) reply.raw.once('close', () => span.end(endOf(reply.raw)));
  return received;
}

/** The span of an answer that is out already and asked nobody for anything, in one go; returns the id of its trace. */
export function recordAnswered(
  tracing: Tracing,
  { request, route, status, startedMs, cache }: FrontRequest,
): string | undefined {
  const { traceparent } = request.headers;
  const { span } = tracing.receive(traceparent, () => describe(request, route), startedMs);
  span?.end({
    attributes: {
      'http.response.status_code': status,
      ...(cache !== undefined && { [cacheAttribute]: cache }),
    },
    failure: failureOf(status),
  });
  return span?.traceId;
}

/** Where an answer was found, as `X-Cache` tells clients. */
export const cacheAttribute = 'flowchart.cache';

/** The query stays out: what somebody looked for is theirs. */
function describe({ method, url = '/' }: FrontRequest['request'], route: string | undefined): Described {
  const known = method !== undefined && KNOWN_METHODS.has(method) ? method : undefined;
  const query = url.indexOf('?');
  const attributes = {
    'http.request.method': known ?? '_OTHER',
    'url.path': redactText(query < 0 ? url : url.slice(0, query)),
    'url.scheme': 'http',
  };
  const name = known ?? 'HTTP';
  return route === undefined
    ? { name, attributes }
    : { name: `${name} ${route}`, attributes: { ...attributes, 'http.route': route } };
}

function endOf({ statusCode, writableFinished }: ServerResponse): SpanEnd {
  if (!writableFinished) return { failure: 'abandoned' };
  return { attributes: { 'http.response.status_code': statusCode }, failure: failureOf(statusCode) };
}

/** Of a server: a refusal is the client's failure. */
const failureOf = (status: number): string | undefined => (status >= 500 ? String(status) : undefined);
