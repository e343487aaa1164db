/** A cache in a process of its own: filled at the first message, measured at each further one. */
import { answerParent } from '../../child-module.js';
import { openBentoCache } from './bento-cache.js';
import { openManagerCache } from './manager-cache.js';
import type { CacheName, Level, Order, Turn, TurnResult } from './messages.js';
import { openOwnCache } from './own-cache.js';
import { type OpenCache, type Read, VALUE_BYTES } from './subject.js';

const caches: Record<CacheName, OpenCache> = {
  own: openOwnCache,
  bentocache: openBentoCache,
  'bentocache, not serialised': openBentoCache,
  'cache-manager': openManagerCache,
};

/** Look-ups in flight, and between two looks at the clock. Memory needs no company, Redis is used by many at once. */
const LANES: Record<Level, number> = { L1: 1, L2: 64 };
const BATCH: Record<Level, number> = { L1: 256, L2: 1 };

let opened: { read: Read; order: Order } | undefined;

answerParent(async (message: Order | Turn): Promise<TurnResult | object> => {
  if ('measureMs' in message) {
    if (!opened) throw new Error('there is no cache yet');
    return measure(opened.read, opened.order, message.measureMs);
  }
  opened = { read: await caches[message.cache](message), order: message };
  return {};
});

async function measure(read: Read, { keys, level }: Order, measureMs: number): Promise<TurnResult> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  let hits = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - startedMs < measureMs) {
      for (let more = BATCH[level]; more > 0; more--) {
        const given = read(keys[hits++ % keys.length] as string);
        const value = given instanceof Promise ? await given : given;
        if (value.length !== VALUE_BYTES) throw new Error(`a hit of ${value.length} bytes`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES[level] }, lane));
  const { user, system } = process.cpuUsage(before);
  return { hits, elapsedMs: performance.now() - startedMs, cpuUs: user + system };
}
