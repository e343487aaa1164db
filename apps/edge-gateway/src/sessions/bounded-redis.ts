import { REDIS } from '@flowchart/events';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';

/** After a failure Redis is left alone for so long, so that one that hangs does not hold up every request. */
const PAUSE_MS = 1000;
/** One late answer of a busy machine does not mean that Redis is away: then tokens would be taken at their word. */
const ATTEMPTS = 2;

/** Redis for those who go on without it: asked with bounded patience, and left alone for a while when it fails. */
@Injectable()
export class BoundedRedis {
  private readonly logger = new Logger(BoundedRedis.name);
  private readonly listeners: (() => void)[] = [];
  private pausedUntilMs = 0;
  private failing = false;

  constructor(@Inject(REDIS) private readonly redis: Redis) {
    redis.on('ready', () => this.noteReturn());
  }

  get reachable(): boolean {
    return this.redis.status === 'ready';
  }

  /** Called whenever Redis can be asked again. */
  onReturn(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** What Redis answered; undefined when it did not, for whatever reason: to those who ask here they are all the same. */
  async ask<T>(command: (redis: Redis) => Promise<T>): Promise<{ answer: T } | undefined> {
    if (this.pausedUntilMs > 0 && Date.now() < this.pausedUntilMs) return undefined;
    for (let attempt = 0; attempt < ATTEMPTS && this.reachable; attempt++) {
      try {
        const answer = await command(this.redis);
        if (this.failing) this.noteReturn();
        return { answer };
      } catch (error) {
        this.noteFailure(error);
      }
    }
    this.pausedUntilMs = this.reachable ? Date.now() + PAUSE_MS : 0;
    return undefined;
  }

  private noteReturn(): void {
    this.failing = false;
    this.pausedUntilMs = 0;
    for (const listener of this.listeners) listener();
  }

  /** Said once for each outage. */
  private noteFailure(error: unknown): void {
    if (!this.failing) this.logger.warn({ err: error }, 'Redis does not answer: going on without it');
    this.failing = true;
  }
}
