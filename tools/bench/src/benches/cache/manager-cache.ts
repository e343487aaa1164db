/** cache-manager in its own way of use, `wrap`; it knows neither tags nor stale answers. */
import KeyvRedis from '@keyv/redis';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { FRESH_MS, missing, type OpenCache, valueOf } from './subject.js';

export const openManagerCache: OpenCache = async ({ level, redisPort, keys }) => {
  const redis = new Keyv({ store: new KeyvRedis(`redis://127.0.0.1:${redisPort}`) });
  // Its memory is bounded in no way, so it cannot be there without holding all.
  const stores = level === 'L1' ? [new Keyv(), redis] : [redis];
  const cache = createCache({ stores, ttl: FRESH_MS });
  for (const key of keys) await cache.wrap(key, () => valueOf(key));
  return (key) => cache.wrap<string>(key, missing);
};
