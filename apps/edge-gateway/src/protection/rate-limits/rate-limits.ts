import { REDIS } from '@flowchart/events';
import { AppError, Meters } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { onRequestHookHandler } from 'fastify';
import type { Redis } from 'ioredis';
import { EDGE_CONFIG, type EdgeConfig } from '../../config.js';
import { edgeErrors } from '../../errors.js';
import { clientAddress } from '../../sessions/client-address.js';
import { callerOf } from '../../sessions/gate.js';
import { LeasedLimit, type Verdict } from './leased-limit.js';
import { networkOf } from './network.js';
import { SharedBuckets } from './shared-buckets.js';
import type { Rate } from './token-bucket.js';

type Kind = 'user' | 'address';

/** One kind of limit, with what it decided so far. */
class Limit {
  allowed = 0;
  limited = 0;
  private readonly limit: LeasedLimit;

  constructor(
    readonly kind: Kind,
    rate: Rate,
    shared: SharedBuckets,
  ) {
    this.limit = new LeasedLimit(rate, shared);
  }

  take(key: string): Verdict | Promise<Verdict> {
    return this.limit.take(`${this.kind}:${key}`);
  }
}

/**
 * How many requests a user and an address may make, over all edges. Counted is what costs more than a stored answer:
 * those went out before anything of this is asked.
 */
@Injectable()
export class RateLimits {
  private readonly user: Limit | undefined;
  private readonly address: Limit | undefined;
  private readonly trustedProxies: number;

  constructor(
    @Inject(EDGE_CONFIG) { rateLimits, trustedProxies }: EdgeConfig,
    @Inject(REDIS) redis: Redis,
    meters: Meters,
  ) {
    const shared = new SharedBuckets(redis);
    const limitOf = (kind: Kind) =>
      rateLimits[kind].perSecond > 0 ? new Limit(kind, rateLimits[kind], shared) : undefined;
    this.user = limitOf('user');
    this.address = limitOf('address');
    this.trustedProxies = trustedProxies;
    measure(meters, [this.user, this.address]);
  }

  /** For a hook before all others, so that a flood costs little; whoever watches the edge is not counted. */
  readonly byAddress: onRequestHookHandler = (request, _reply, done) => {
    if (!this.address || request.url.startsWith('/actuator/')) return done();
    const key = networkOf(clientAddress(request, this.trustedProxies));
    admit(this.address, key, (verdict) => answer(verdict, done));
  };

  /** For a hook behind `Gate`: whom a token names counts only once it has been verified. */
  readonly byUser: onRequestHookHandler = (request, reply, done) => {
    const caller = callerOf(request);
    if (!this.user || !caller) return done();
    admit(this.user, caller.identity.subject, (verdict) => {
      if (verdict.allowed) void reply.headers(headersOf(verdict));
      answer(verdict, done);
    });
  };
}

function admit(limit: Limit, key: string, decide: (verdict: Verdict) => void): void {
  const counted = (verdict: Verdict): void => {
    limit[verdict.allowed ? 'allowed' : 'limited']++;
    decide(verdict);
  };
  const verdict = limit.take(key);
  if (verdict instanceof Promise) void verdict.then(counted);
  else counted(verdict);
}

function answer(verdict: Verdict, done: (error?: Error) => void): void {
  if (verdict.allowed) return done();
  const { retryAfterSeconds } = verdict;
  done(
    new AppError(edgeErrors.TOO_MANY_REQUESTS, `Try again in ${retryAfterSeconds} seconds.`, {
      headers: { ...headersOf(verdict), 'retry-after': String(retryAfterSeconds) },
    }),
  );
}

const headersOf = ({ limit, remaining, resetSeconds }: Verdict): Record<string, string> => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(resetSeconds),
});

function measure(meters: Meters, limits: readonly (Limit | undefined)[]): void {
  meters.countOf(
    { name: 'edge.rate.limit', description: 'Requests by what a limit decided', tags: ['kind', 'result'] },
    () =>
      limits.flatMap((limit) =>
        limit
          ? [
              { tags: { kind: limit.kind, result: 'allowed' }, value: limit.allowed },
              { tags: { kind: limit.kind, result: 'limited' }, value: limit.limited },
            ]
          : [],
      ),
  );
}
