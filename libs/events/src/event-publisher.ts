import { type DomainEvent, domainEventStream } from '@flowchart/contracts';
import { Tracing } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { sending } from './event-spans.js';
import { REDIS } from './redis.tokens.js';

/** Streams are trimmed to about this many events: hours of registrars' work, and a few megabytes. */
const KEPT_EVENTS = 10_000;

/** Hands committed facts to whoever listens. */
@Injectable()
export class EventPublisher {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly tracing: Tracing,
  ) {}

  /** Resolves once Redis has the events, in order; rejects when it has not, and then they must be sent again. */
  async publish(events: readonly DomainEvent[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    const sendings = events.map((event) => sending(event, this.tracing));
    for (const { event } of sendings) {
      pipeline.xadd(domainEventStream, 'MAXLEN', '~', KEPT_EVENTS, '*', 'event', JSON.stringify(event));
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    // A span that never ends is never told: while Redis is away the same events are tried every second.
    for (const { span } of sendings) span?.end();
  }
}
