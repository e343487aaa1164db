import { invalidateByEvents, RedisStore, TwoLevelCache } from '@flowchart/cache';
import { EventSubscriber, REDIS } from '@flowchart/events';
import { Meters } from '@flowchart/platform';
import type { FactoryProvider } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { type StoredAnswer, storedAnswerCodec } from './stored-answer.js';

/** Token of the cache of answers, a `TwoLevelCache<StoredAnswer>`. */
export const ANSWER_CACHE = Symbol('ANSWER_CACHE');

/** Answers in this process and in Redis, evicted by the events of what they show. */
export const answerCache: FactoryProvider<TwoLevelCache<StoredAnswer>> = {
  provide: ANSWER_CACHE,
  inject: [EDGE_CONFIG, REDIS, EventSubscriber, Meters],
  useFactory: ({ l1MaxBytes }: EdgeConfig, redis: Redis, subscriber: EventSubscriber, meters: Meters) => {
    const shared = new RedisStore<StoredAnswer>(redis, storedAnswerCodec);
    const cache = new TwoLevelCache({ maxBytes: l1MaxBytes, codec: storedAnswerCodec, shared, meters });
    invalidateByEvents(cache, subscriber, redis);
    return cache;
  },
};
