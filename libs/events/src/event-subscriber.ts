/** Reads the stream of domain events for the listeners of this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DomainEvent, domainEventSchema, domainEventStream } from '@flowchart/contracts';
import { Meters, requestContext, type TimerSeries, Tracing } from '@flowchart/platform';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { handling } from './event-spans.js';
import { blockingRedisConnection, LONGEST_BLOCK_MS } from './redis.js';
import { EVENTS_OPTIONS, type EventsOptions } from './redis.tokens.js';

export interface EventListener {
  onEvent(event: DomainEvent): void | Promise<void>;
  /** Events were missed (Redis was wiped or trimmed past us): whatever was derived from events may be untrue. */
  onGap(): void | Promise<void>;
}

const BATCH = 100;
const RETRY_MS = 250;
/** Position before the first event of a stream. */
const NOTHING_YET = '0-0';

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
  private interrupted = false;
  private readonly delivery: TimerSeries;
  /** When the event reached the stream that listeners are told of now. */
  private handlingSinceMs: number | undefined;

  constructor(
    @Inject(EVENTS_OPTIONS) { redisUrl, service }: EventsOptions,
    meters: Meters,
    private readonly tracing: Tracing,
  ) {
    this.redis = blockingRedisConnection(redisUrl, `${service}-events`);
    this.received = meters.counter({
      name: 'events.received',
      description: 'Domain events seen',
      tags: ['type'],
    });
    this.delivery = meters
      .timer({ name: 'events.delivery', description: 'From the stream to the end of what listeners do' })
      .for({});
    this.measure(meters);
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

  private measure(meters: Meters): void {
    meters.gauge(
      {
        name: 'events.consumer.lag',
        description: 'Age in the stream of the event that is being handled, 0 when there is none',
        baseUnit: 'seconds',
      },
      () => (this.handlingSinceMs === undefined ? 0 : Math.max(0, Date.now() - this.handlingSinceMs) / 1000),
    );
    meters.gauge(
      { name: 'events.consumer.reading', description: '1 while the stream is read, 0 while it cannot be' },
      () => (this.interrupted ? 0 : 1),
    );
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.interrupted) await this.checkForGap();
        this.lastId ??= await this.newestId();
        for (const entry of await this.next(this.lastId)) await this.deliver(entry);
      } catch (error) {
        if (this.stopped) return;
        this.logger.debug({ err: error }, 'reading events was interrupted');
        this.interrupted = true;
        await sleep(RETRY_MS);
      }
    }
  }

  private async newestId(): Promise<string> {
    const [newest] = await this.redis.xrevrange(domainEventStream, '+', '-', 'COUNT', 1);
    return newest?.[0] ?? NOTHING_YET;
  }

  private async next(afterId: string): Promise<StreamEntry[]> {
    const streams = await this.redis.xread(
      'COUNT',
      BATCH,
      'BLOCK',
      LONGEST_BLOCK_MS,
      'STREAMS',
      domainEventStream,
      afterId,
    );
    return streams?.[0]?.[1] ?? [];
  }

  private async deliver([id, [, json]]: StreamEntry): Promise<void> {
    this.lastId = id;
    // Redis begins the id with its own time.
    this.handlingSinceMs = Number.parseInt(id, 10);
    try {
      await this.tell(id, json);
    } finally {
      this.delivery.record(Math.max(0, Date.now() - this.handlingSinceMs) / 1000);
      this.handlingSinceMs = undefined;
    }
  }

  private async tell(id: string, json: string | undefined): Promise<void> {
    const parsed = domainEventSchema.safeParse(parseJson(json));
    if (!parsed.success) return this.logger.error({ id }, 'an event that nobody can read is skipped');
    this.received.inc({ type: parsed.data.type });
    if (this.listeners.length > 0) await this.handle(parsed.data);
  }

  private async handle(event: DomainEvent): Promise<void> {
    const tellAll = async (): Promise<void> => {
      for (const listener of this.listeners) await listener.onEvent(event);
    };
    const span = handling(event, this.tracing);
    if (!span) return tellAll();
    try {
      await requestContext.run({ traceparent: span.traceparent, span }, tellAll);
      span.end();
    } catch (error) {
      span.end({ failure: error instanceof Error ? error.name : 'error' });
      throw error;
    }
  }

  /** What happened while the connection was away shows only in the stream itself: is our last event still in it? */
  private async checkForGap(): Promise<void> {
    const { lastId } = this;
    const knowsOurs = lastId === undefined || lastId === NOTHING_YET || (await this.has(lastId));
    if (!knowsOurs) {
      this.logger.warn('events were missed, derived data is dropped');
      this.lastId = await this.newestId();
      for (const listener of this.listeners) await listener.onGap();
    }
    this.interrupted = false;
  }

  private async has(id: string): Promise<boolean> {
    return (await this.redis.xrange(domainEventStream, id, id)).length > 0;
  }
}

function parseJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
