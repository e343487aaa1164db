import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import type { PresentedToken } from './presented-token.js';

/** The least a value can take: Redis keeps small numbers without room of their own. 112 bytes a session, key and all. */
const VALUE = 1;
const sessionKey = (id: string) => `s:${id}`;
const revocationKey = (id: string) => `r:${id}`;

/** What makes a token good or not. */
export type TokenState = Pick<PresentedToken, 'sessionId' | 'foreign' | 'expiresAtMs'>;

/**
 * The sessions of all edges, in Redis: a key each, which expires by itself. A token of ours is good while its key is
 * there. One of a foreign issuer is good by itself; a key says that it is not, until it would have expired anyway.
 */
@Injectable()
export class SessionStore {
  private readonly ttlSeconds: number;

  constructor(@Inject(EDGE_CONFIG) { sessionTtlSeconds }: EdgeConfig) {
    this.ttlSeconds = sessionTtlSeconds;
  }

  async create(redis: Redis, sessionId: string): Promise<void> {
    await redis.set(sessionKey(sessionId), VALUE, 'EX', this.ttlSeconds);
  }

  /** `extend` lets a session live its full time again. */
  async isAlive(redis: Redis, { sessionId, foreign }: TokenState, extend: boolean): Promise<boolean> {
    if (foreign) return (await redis.exists(revocationKey(sessionId))) === 0;
    const key = sessionKey(sessionId);
    return (await (extend ? redis.expire(key, this.ttlSeconds) : redis.exists(key))) === 1;
  }

  async end(redis: Redis, { sessionId, foreign, expiresAtMs }: TokenState): Promise<void> {
    if (foreign) {
      await redis.set(revocationKey(sessionId), VALUE, 'PX', Math.max(1, expiresAtMs - Date.now()));
    } else {
      await redis.del(sessionKey(sessionId));
    }
  }
}
