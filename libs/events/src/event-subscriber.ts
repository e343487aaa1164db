import { type DomainEvent, domainEventSchema, domainEventStream } from '@flowchart/contracts';
import { Meters } from '@flowchart/platform';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { blockingRedisConnection } from './redis.js';
import { EVENTS_OPTIONS, type EventsOptions } from './redis.tokens.js';

export interface EventListener {
  onEvent(event: DomainEvent): void | Promise<void>;
  /** Events were missed (Redis was wiped or trimmed past us): whatever was derived from events may be untrue. */
  onGap(): void | Promise<void>;
}

const BLOCK_MS = 5000;
const BATCH = 100;

type StreamEntry = [id: string, fields: string[]];

/** Reads every event once in this process, in order, from the moment it starts; goes on where it was after an outage. */
@Injectable()
export class EventSubscriber implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(EventSubscriber.name);
  private readonly listeners: EventListener[] = [];
  private readonly redis: Redis;
  private readonly received;
  private lastId: string | undefined;
  private stopped = false;

  constructor(@Inject(EVENTS_OPTIONS) { redisUrl, service }: EventsOptions, meters: Meters) {
    this.redis = blockingRedisConnection(redisUrl, `${service}-events`);
    this.received = meters.counter({
      name: 'events.received',
      description: 'Domain events seen',
      tags: ['type'],
    });
    // Whatever happened while the connection was away shows only in the stream itself.
    this.redis.on('ready', () => void this.checkForGap());
  }

  listen(listener: EventListener): void {
    this.listeners.push(listener);
  }

  onApplicationBootstrap(): void {
    void this.run();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.redis.disconnect();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        this.lastId ??= await this.newestId();
        for (const entry of await this.next(this.lastId)) await this.deliver(entry);
      } catch (error) {
        if (!this.stopped) this.logger.warn({ err: error }, 'reading events failed, trying again');
      }
    }
  }

  private async newestId(): Promise<string> {
    const [newest] = await this.redis.xrevrange(domainEventStream, '+', '-', 'COUNT', 1);
    return newest?.[0] ?? '0-0';
  }

  private async next(afterId: string): Promise<StreamEntry[]> {
    const streams = await this.redis.xread(
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      domainEventStream,
      afterId,
    );
    return streams?.[0]?.[1] ?? [];
  }

  private async deliver([id, [, json]]: StreamEntry): Promise<void> {
    this.lastId = id;
    const parsed = domainEventSchema.safeParse(parseJson(json));
    if (!parsed.success) return this.logger.error({ id }, 'an event that nobody can read is skipped');
    this.received.inc({ type: parsed.data.type });
    for (const listener of this.listeners) await listener.onEvent(parsed.data);
  }

  private async checkForGap(): Promise<void> {
    const { lastId } = this;
    if (lastId === undefined || lastId === '0-0') return;
    const known = await this.redis.xrange(domainEventStream, lastId, lastId);
    if (known.length > 0) return;
    this.logger.warn('events were missed, derived data is dropped');
    this.lastId = await this.newestId();
    for (const listener of this.listeners) await listener.onGap();
  }
}

function parseJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
