export type { Gets } from './cache-meters.js';
export type { Codec, Entry, Fetched, Lifetime } from './entry.js';
export { invalidateByEvents } from './invalidate-by-events.js';
export { RedisStore } from './redis-store.js';
export { type Found, type Source, TwoLevelCache, type TwoLevelCacheOptions } from './two-level-cache.js';
