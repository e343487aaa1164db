/** libs/cache as the edge uses it: ready bytes, evicted by tags. */
import { type Codec, RedisStore, TwoLevelCache } from '@flowchart/cache';
import { Meters } from '@flowchart/platform';
import { Redis } from 'ioredis';
import { FRESH_MS, missing, type OpenCache, TAG, VALUE_BYTES, valueOf } from './subject.js';

const bytes: Codec<Buffer> = {
  encode: (value) => value,
  decode: (stored) => stored,
  sizeBytes: (value) => value.length,
};
const lifetime = { freshMs: FRESH_MS, revalidateMs: FRESH_MS, staleMs: FRESH_MS };
const MEMORY_BYTES = { L1: 2 ** 26, L2: 2 * VALUE_BYTES };

export const openOwnCache: OpenCache = async ({ level, redisPort, keys }) => {
  const redis = new Redis(redisPort, { enableAutoPipelining: true, lazyConnect: true });
  await redis.connect();
  const shared = new RedisStore(redis, bytes);
  const cache = new TwoLevelCache({
    maxBytes: MEMORY_BYTES[level],
    codec: bytes,
    shared,
    meters: new Meters(),
  });
  const gets = cache.getsOf('/courses');
  const fill = async (key: string) => ({ value: Buffer.from(valueOf(key)), tags: [TAG], lifetime });
  for (const key of keys) await cache.find(key, gets, fill.bind(undefined, key));
  // Stored in the background: the last is there when all are.
  while (!(await shared.get(keys.at(-1) as string)).entry) continue;
  if (level === 'L1') return (key) => cache.fresh(key, gets)?.value ?? missing();
  return async (key) => (await cache.find(key, gets, missing)).entry.value;
};
