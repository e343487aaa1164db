/** bentocache in its own way of use, `getOrSet`, with the features that the edge needs: two levels, tags, grace. */
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { Redis } from 'ioredis';
import { FRESH_MS, missing, type OpenCache, TAG, valueOf } from './subject.js';

export const openBentoCache: OpenCache = async ({ cache, level, redisPort, keys }) => {
  const serialize = cache === 'bentocache';
  // Room for the times of tags, too: what is not serialised cannot be read again once it comes back from Redis (1.6.1).
  const maxItems = level === 'L1' ? 2 * keys.length : 1;
  const connection = new Redis(redisPort, { enableAutoPipelining: true });
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxItems, serialize }))
    .useL2Layer(redisDriver({ connection }));
  const bento = new BentoCache({ default: 'both', stores: { both: store }, grace: FRESH_MS });
  const get = (key: string, factory: () => string) =>
    bento.getOrSet({ key, factory, ttl: FRESH_MS, tags: [TAG] });
  for (const key of keys) await get(key, () => valueOf(key));
  return (key) => get(key, missing);
};
