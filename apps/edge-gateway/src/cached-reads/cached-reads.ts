import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry, Found, Source, TwoLevelCache } from '@flowchart/cache';
import type { EdgeRoute } from '@flowchart/contracts';
import {
  AccessLog,
  cacheAttribute,
  httpServerRequests,
  Meters,
  recordAnswered,
  requestContext,
  requestIdOf,
  Tracing,
} from '@flowchart/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { addresserOf } from '../routing/address.js';
import type { FrontAnswer } from '../routing/front.js';
import { type Accepted, acceptedCodings } from './accept-encoding.js';
import { ANSWER_CACHE } from './answer-cache.js';
import { KnownUrls } from './known-urls.js';
import { Origin } from './origin.js';
import { RouteMeter } from './route-meter.js';
import type { StoredAnswer } from './stored-answer.js';
import { isUnbounded } from './unbounded.js';

/**
 * Answers the cacheable routes. What is fresh in this process goes out at once, as stored bytes under stored headers,
 * with nothing parsed and nothing awaited; the rest takes the way through Fastify.
 */
@Injectable()
export class CachedReads {
  private readonly logger = new Logger('CachedReads');
  private readonly urls = new KnownUrls();

  constructor(
    @Inject(ANSWER_CACHE) private readonly cache: TwoLevelCache<StoredAnswer>,
    private readonly origin: Origin,
    private readonly meters: Meters,
    private readonly accessLog: AccessLog,
    private readonly tracing: Tracing,
  ) {}

  /** The hot path. */
  readonly answerAtOnce: FrontAnswer = (request, response) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    // RFC 9112, 3.2 wants it refused, which is for whoever comes behind to say.
    if (headers.host === undefined) return false;
    const known = this.urls.get(request.url as string);
    const entry = known && this.cache.fresh(known.address, known.gets);
    if (!entry) return false;
    const startedMs = performance.now();
    const accepted = acceptedCodings(headers['accept-encoding']);
    const { value } = entry;
    if (value.lacks(accepted)) {
      // Who takes nothing but what is yet to be made has to wait for it, and nobody waits here.
      if (!accepted.includes('identity')) return false;
      void this.prepare(known.address, value, accepted);
    }
    const requestId = requestIdOf(request);
    value.send(request, response, { accepted, source: 'L1', ageSeconds: ageSeconds(entry), requestId });
    const tookMs = performance.now() - startedMs;
    const found = { route: known.meter.uri, startedMs, cache: 'L1' } as const;
    const traceId = this.tracing.on ? this.record(request, response, found) : undefined;
    known.meter.record(method, response.statusCode, tookMs / 1000, traceId);
    this.accessLog.answered(request, response.statusCode, tookMs, requestId);
    return true;
  };

  /** What may still be shown, if no longer fresh: for when there is no time to ask for a newer one. */
  readonly answerStored: FrontAnswer = (request, response) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const known = this.urls.get(request.url as string);
    const entry = known && this.cache.held(known.address, known.gets);
    if (!entry) return false;
    const accepted = acceptedCodings(headers['accept-encoding']);
    // There is no time to compress now.
    if (entry.value.lacks(accepted) && !accepted.includes('identity')) return false;
    const requestId = requestIdOf(request);
    entry.value.send(request, response, {
      accepted,
      source: 'STALE',
      ageSeconds: ageSeconds(entry),
      requestId,
    });
    known.meter.record(method, response.statusCode, 0);
    this.accessLog.answered(request, response.statusCode, 0, requestId);
    const startedMs = performance.now();
    if (this.tracing.on)
      this.record(request, response, { route: known.meter.uri, startedMs, cache: 'STALE' });
    return true;
  };

  /** Answers `route` in Fastify's first hook: whatever the hot path had not. */
  hook(route: EdgeRoute): onRequestHookHandler {
    const addressOf = addresserOf(route);
    const meter = new RouteMeter(httpServerRequests(this.meters), route.path);
    const gets = this.cache.getsOf(route.path);
    return (request, reply, done) => {
      try {
        const address = addressOf(request);
        const fresh = this.cache.fresh(address, gets);
        if (fresh || !isUnbounded(route, address))
          this.urls.remember(request.raw.url as string, { address, meter, gets });
        const found = fresh
          ? Promise.resolve<Found<StoredAnswer>>({ entry: fresh, source: 'L1' })
          : this.cache.find(address, gets, () => this.origin.fetch(route, address, request.id));
        found.then((answer) => this.answer(address, answer, request, reply)).catch(done);
      } catch (error) {
        done(error as Error);
      }
    };
  }

  private record(
    request: IncomingMessage,
    { statusCode: status }: ServerResponse,
    found: { route: string; startedMs: number; cache: Source },
  ): string | undefined {
    return recordAnswered(this.tracing, { request, status, ...found });
  }

  /** Whoever has waited for the answer waits for its compression, too: a cache in front asks only once. */
  private async answer(
    address: string,
    { entry, source }: Found<StoredAnswer>,
    { raw: request, id: requestId }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const accepted = acceptedCodings(request.headers['accept-encoding']);
    requestContext.getStore()?.span?.note({ [cacheAttribute]: source });
    if (entry.value.lacks(accepted)) await this.prepare(address, entry.value, accepted);
    reply.hijack();
    entry.value.send(request, reply.raw, { accepted, source, ageSeconds: ageSeconds(entry), requestId });
  }

  /** Never rejects: an answer that cannot be compressed goes out as it is. */
  private prepare(address: string, value: StoredAnswer, accepted: Accepted): Promise<void> {
    return value
      .prepare(accepted, () => this.cache.reweigh(address))
      .catch((error: unknown) => this.logger.error({ err: error, address }, 'an answer was not compressed'));
  }
}

const ageSeconds = ({ bornAtMs }: Entry<StoredAnswer>): number =>
  Math.max(0, Math.floor((Date.now() - bornAtMs) / 1000));
