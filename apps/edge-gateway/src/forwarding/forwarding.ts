import type { TwoLevelCache } from '@flowchart/cache';
import type { EdgeRoute } from '@flowchart/contracts';
import { AppError } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { ANSWER_CACHE } from '../cached-reads/answer-cache.js';
import { withoutCodings } from '../cached-reads/conditional.js';
import { tagsOf } from '../cached-reads/origin.js';
import type { StoredAnswer } from '../cached-reads/stored-answer.js';
import type { ServiceName } from '../config.js';
import { edgeErrors } from '../errors.js';
import { addresserOf } from '../routing/address.js';
import { requiredBody } from '../routing/json-body.js';
import { knownCallerOf } from '../sessions/gate.js';
import type { UpstreamAnswer } from '../upstreams/answer.js';
import { Upstreams } from '../upstreams/upstreams.js';

/** What a client may tell a service; whatever else it sends stays here. */
const requestHeaders = ['if-match', 'if-none-match'] as const;
/** What a service may tell a client. */
const answerHeaders = ['content-type', 'etag', 'location', 'retry-after'] as const;

/** Hands private reads and all writes to the service that owns them, in the name of who asks. */
@Injectable()
export class Forwarding {
  constructor(
    private readonly upstreams: Upstreams,
    @Inject(ANSWER_CACHE) private readonly cache: TwoLevelCache<StoredAnswer>,
  ) {}

  handler(route: EdgeRoute): RouteHandlerMethod {
    const addressOf = addresserOf(route);
    const upstream = this.upstreams.of(route.owner as ServiceName);
    return async (request, reply) => {
      const answer = await upstream.call({
        method: route.method,
        path: addressOf(request),
        uri: route.path,
        headers: headersFor(request, route),
        identity: knownCallerOf(request).identity,
        spentMs: reply.elapsedTime,
        waiting: reply.raw,
        body: route.body && requiredBody(request.body),
      });
      if (answer.status === 401) throw notBelieved(upstream.service);
      if (route.method !== 'GET' && answer.status < 300) this.evictWhatChanged(answer);
      return passOn(answer, reply);
    };
  }

  /** The event of the change comes soon; whoever wrote through this edge sees it here already. */
  private evictWhatChanged(answer: UpstreamAnswer): void {
    const tags = tagsOf(answer);
    if (tags.length > 0) void this.cache.evict(tags);
  }
}

function headersFor(request: FastifyRequest, route: EdgeRoute): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': request.id };
  if (route.body) headers['content-type'] = 'application/json';
  for (const name of requestHeaders) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  if (headers['if-match'] !== undefined) headers['if-match'] = withoutCodings(headers['if-match']);
  return headers;
}

function passOn({ status, headers, body }: UpstreamAnswer, reply: FastifyReply): FastifyReply {
  for (const name of answerHeaders) {
    const value = headers[name];
    if (value !== undefined) void reply.header(name, value);
  }
  return reply.status(status).send(body.length > 0 ? body : undefined);
}

/** The client was let in here; a service that does not believe it has another secret or another clock. */
const notBelieved = (service: string): AppError =>
  new AppError(
    edgeErrors.SERVICE_FAILED,
    `${service} refused the request. The request id finds it in the logs.`,
    {
      cause: new Error(
        `${service} does not believe the edge's identity assertion: compare IDENTITY_SECRET or IDENTITY_KEYS, and clocks`,
      ),
    },
  );
