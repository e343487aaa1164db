import { HealthRegistry, Meters } from '@flowchart/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EventPublisher } from './event-publisher.js';
import { EventSubscriber } from './event-subscriber.js';
import { firstAttempt, redisConnection } from './redis.js';
import { EVENTS_OPTIONS, type EventsOptions, REDIS } from './redis.tokens.js';

/** Redis and the events that travel over it. Redis is never critical: without it a service does less, not nothing. */
@Module({})
export class EventsModule implements OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    health: HealthRegistry,
    meters: Meters,
  ) {
    health.add({ name: 'redis', critical: false, check: async () => ({ answer: await redis.ping() }) });
    meters.gauge(
      { name: 'redis.connected', description: '1 while commands can be sent to Redis, else 0' },
      () => (redis.status === 'ready' ? 1 : 0),
    );
  }

  static forRoot(options: EventsOptions): DynamicModule {
    return {
      module: EventsModule,
      global: true,
      providers: [
        { provide: EVENTS_OPTIONS, useValue: options },
        { provide: REDIS, useFactory: () => connectedRedis(options) },
        EventPublisher,
        EventSubscriber,
      ],
      exports: [REDIS, EventPublisher, EventSubscriber],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

async function connectedRedis({ redisUrl, service }: EventsOptions): Promise<Redis> {
  const redis = redisConnection(redisUrl, service);
  await firstAttempt(redis);
  return redis;
}
