import type { EventSubscriber } from '@flowchart/events';
import type { Redis } from 'ioredis';
import type { TwoLevelCache } from './two-level-cache.js';

/** After Redis is back the subscriber needs up to its slowest reconnect, 2 s, before it hears events again. */
const RELINK_MS = 3000;

/** Keeps `cache` true to the events: what an event names goes, and nothing is trusted for long while none can arrive. */
export function invalidateByEvents<V>(
  cache: TwoLevelCache<V>,
  subscriber: EventSubscriber,
  redis: Redis,
): void {
  subscriber.listen({
    onEvent: ({ tags, occurredAt }) => cache.evictChanged(tags, Date.parse(occurredAt)),
    onGap: () => cache.distrust(),
  });
  let relinking: NodeJS.Timeout | undefined;
  redis.on('close', () => {
    clearTimeout(relinking);
    cache.setLinked(false);
  });
  redis.on('ready', () => {
    relinking = setTimeout(() => cache.setLinked(true), RELINK_MS).unref();
  });
}
