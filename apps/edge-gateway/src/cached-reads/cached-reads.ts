import { type Found, RecentMap, type TwoLevelCache } from '@flowchart/cache';
import type { EdgeRoute } from '@flowchart/contracts';
import { httpServerRequests, Meters, requestIdOf } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { addresserOf } from '../routing/address.js';
import type { FrontAnswer } from '../routing/front.js';
import { ANSWER_CACHE } from './answer-cache.js';
import { Origin } from './origin.js';
import { RouteMeter } from './route-meter.js';
import type { StoredAnswer } from './stored-answer.js';

/** A URL as clients spell it, with what it asks for: it was valid when it was first seen, and stays so. */
interface KnownUrl {
  readonly address: string;
  readonly meter: RouteMeter;
}

/** About what is asked for in a minute, and a few megabytes. */
const REMEMBERED_URLS = 5000;
const REMEMBERED_URL_LENGTH = 256;

/**
 * Answers the cacheable routes. What is fresh in this process goes out at once, as stored bytes under stored headers,
 * with nothing parsed and nothing awaited; the rest takes the way through Fastify.
 */
@Injectable()
export class CachedReads {
  private readonly urls = new RecentMap<string, KnownUrl>(REMEMBERED_URLS);

  constructor(
    @Inject(ANSWER_CACHE) private readonly cache: TwoLevelCache<StoredAnswer>,
    private readonly origin: Origin,
    private readonly meters: Meters,
  ) {}

  /** The hot path. */
  readonly answerAtOnce: FrontAnswer = (request, response) => {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const known = this.urls.get(request.url as string);
    const entry = known && this.cache.fresh(known.address);
    if (!entry) return false;
    const startedMs = performance.now();
    const sending = { source: 'L1', ageSeconds: ageSeconds(entry), requestId: requestIdOf(request) } as const;
    entry.value.send(request, response, sending);
    known.meter.record(method, response.statusCode, (performance.now() - startedMs) / 1000);
    return true;
  };

  /** Answers `route` in Fastify's first hook: whatever the hot path had not. */
  hook(route: EdgeRoute): onRequestHookHandler {
    const addressOf = addresserOf(route);
    const meter = new RouteMeter(httpServerRequests(this.meters), route.path);
    return (request, reply, done) => {
      try {
        const address = addressOf(request);
        this.remember(request.raw.url as string, { address, meter });
        const fetch = () => this.origin.fetch(route, address, request.id);
        const fresh = this.cache.fresh(address);
        if (fresh) return send({ entry: fresh, source: 'L1' }, request, reply);
        this.cache
          .find(address, fetch)
          .then((found) => send(found, request, reply))
          .catch(done);
      } catch (error) {
        done(error as Error);
      }
    };
  }

  private remember(url: string, known: KnownUrl): void {
    if (url.length <= REMEMBERED_URL_LENGTH) this.urls.set(url, known);
  }
}

function send({ entry, source }: Found<StoredAnswer>, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const sending = { source, ageSeconds: ageSeconds(entry), requestId: request.id };
  entry.value.send(request.raw, reply.raw, sending);
}

const ageSeconds = ({ bornAtMs }: Found<StoredAnswer>['entry']): number =>
  Math.max(0, Math.floor((Date.now() - bornAtMs) / 1000));
