import { REDIS } from '@flowchart/events';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';

const sessionKey = (id: string) => `session:${id}`;

/**
 * The sessions of all edges, in Redis: a key each, with its subject as value, which expires by itself. Rejects in
 * bounded time when Redis does not answer.
 */
@Injectable()
export class SessionStore {
  private readonly ttlSeconds: number;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(EDGE_CONFIG) { sessionTtlSeconds }: EdgeConfig,
  ) {
    this.ttlSeconds = sessionTtlSeconds;
  }

  get reachable(): boolean {
    return this.redis.status === 'ready';
  }

  onReachable(listener: () => void): void {
    this.redis.on('ready', listener);
  }

  async create(id: string, subject: string): Promise<void> {
    await this.redis.set(sessionKey(id), subject, 'EX', this.ttlSeconds);
  }

  /** The subject of a session that lives; `extend` lets it live its full time again. */
  async find(id: string, extend: boolean): Promise<string | null> {
    return extend ? this.redis.getex(sessionKey(id), 'EX', this.ttlSeconds) : this.redis.get(sessionKey(id));
  }

  async remove(id: string): Promise<void> {
    await this.redis.del(sessionKey(id));
  }
}
