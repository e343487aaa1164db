import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Meters } from '@flowchart/platform';
import type { Fetched } from './entry.js';
import { fetched, pending, textCodec } from './testing/text-entries.js';
import { TwoLevelCache, UNLINKED_FRESH_MS } from './two-level-cache.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** One process without Redis: what concerns both levels is shown on a real Redis in the integration spec. */
const newCache = (random = () => 0, meters = new Meters()) =>
  new TwoLevelCache<string>({ maxBytes: 2 ** 20, codec: textCodec, meters, random });

describe('TwoLevelCache', () => {
  let cache: TwoLevelCache<string>;

  beforeEach(() => {
    jest.useFakeTimers();
    cache = newCache();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const answer = async (key: string, fetch: () => Promise<Fetched<string>>) => {
    const { entry, source } = await cache.find(key, cache.getsOf('/route'), fetch);
    return `${source} ${entry.value}`;
  };
  const fresh = (key: string) => cache.fresh(key, cache.getsOf('/route'));
  const gives = (value: string, tags?: string[]) => async () => fetched(value, tags);
  const fails = () => Promise.reject(new Error('origin is down'));

  it('asks the origin once and answers from memory until freshness ends', async () => {
    expect(fresh('k')).toBeUndefined();
    expect(await answer('k', gives('v'))).toBe('MISS v');
    expect(fresh('k')?.value).toBe('v');
    jest.advanceTimersByTime(MINUTE_MS);
    expect(fresh('k')).toBeUndefined();
  });

  it('asks the origin once for a thousand who want the same', async () => {
    const fetch = jest.fn(gives('v'));
    const answers = await Promise.all(Array.from({ length: 1000 }, () => answer('k', fetch)));
    expect(new Set(answers)).toEqual(new Set(['MISS v']));
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('answers stale at once while a newer value is fetched', async () => {
    await answer('k', gives('old'));
    jest.advanceTimersByTime(MINUTE_MS + SECOND_MS);
    const origin = pending<Fetched<string>>();
    expect(await answer('k', () => origin.promise)).toBe('STALE old');
    origin.resolve(fetched('new'));
    await jest.advanceTimersByTimeAsync(0);
    expect(fresh('k')?.value).toBe('new');
  });

  it('waits for the origin when the value is older than that', async () => {
    await answer('k', gives('old'));
    jest.advanceTimersByTime(2 * MINUTE_MS);
    expect(await answer('k', gives('new'))).toBe('MISS new');
  });

  it('answers stale while the origin fails, and fails with it when there is nothing', async () => {
    await answer('k', gives('old'));
    jest.advanceTimersByTime(2 * MINUTE_MS);
    expect(await answer('k', fails)).toBe('STALE old');
    await expect(answer('other', fails)).rejects.toThrow('origin is down');
    jest.advanceTimersByTime(10 * MINUTE_MS);
    await expect(answer('k', fails)).rejects.toThrow('origin is down');
  });

  it('leaves a failing origin alone for a second before it asks again', async () => {
    await answer('k', gives('old'));
    jest.advanceTimersByTime(2 * MINUTE_MS);
    await answer('k', fails);
    const fetch = jest.fn(gives('new'));
    expect(await answer('k', fetch)).toBe('STALE old');
    expect(fetch).not.toHaveBeenCalled();
    jest.advanceTimersByTime(SECOND_MS);
    expect(await answer('k', fetch)).toBe('MISS new');
  });

  it('forgets what an event names', async () => {
    await answer('a', gives('a', ['course:A', 'courses']));
    await answer('b', gives('b', ['course:B']));
    await cache.evict(['course:A']);
    expect(fresh('a')).toBeUndefined();
    expect(fresh('b')?.value).toBe('b');
  });

  it('does not let a slow fetch bring back what an event removed meanwhile', async () => {
    const slow = pending<Fetched<string>>();
    const fetch = jest.fn(gives('new', ['a'])).mockReturnValueOnce(slow.promise);
    const first = answer('k', fetch);
    await jest.advanceTimersByTimeAsync(0);
    await cache.evict(['a']);
    const joined = answer('k', fetch);
    slow.resolve(fetched('old', ['a']));
    expect(await Promise.all([first, joined])).toEqual(['MISS new', 'MISS new']);
    expect(fresh('k')?.value).toBe('new');
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('serves but does not keep what changes faster than it is fetched', async () => {
    const fetch = async () => {
      await cache.evict(['a']);
      return fetched('v', ['a']);
    };
    expect(await answer('k', fetch)).toBe('MISS v');
    expect(fresh('k')).toBeUndefined();
  });

  it('trusts what it has for two seconds only while events do not reach it', async () => {
    await answer('before', gives('v'));
    cache.setLinked(false);
    await answer('meanwhile', gives('v'));
    jest.advanceTimersByTime(UNLINKED_FRESH_MS - 1);
    expect([fresh('before')?.value, fresh('meanwhile')?.value]).toEqual(['v', 'v']);
    jest.advanceTimersByTime(1);
    expect([fresh('before'), fresh('meanwhile')]).toEqual([undefined, undefined]);
    expect(await answer('before', gives('new'))).toBe('STALE v');
    expect(fresh('before')?.value).toBe('new');
    await jest.advanceTimersByTimeAsync(2 * UNLINKED_FRESH_MS);
    expect(await answer('before', gives('newer'))).toBe('MISS newer');
    jest.advanceTimersByTime(2 * UNLINKED_FRESH_MS);
    expect(await answer('before', fails)).toBe('STALE newer');
  });

  it('lets run out by itself what it got before events reached it again', async () => {
    cache.setLinked(false);
    await answer('k', gives('old'));
    cache.setLinked(true);
    expect(fresh('k')?.value).toBe('old');
    jest.advanceTimersByTime(UNLINKED_FRESH_MS);
    expect(fresh('k')).toBeUndefined();
    jest.advanceTimersByTime(UNLINKED_FRESH_MS);
    expect(await answer('k', gives('new'))).toBe('MISS new');
    jest.advanceTimersByTime(MINUTE_MS - 1);
    expect(fresh('k')?.value).toBe('new');
  });

  it('lets what was filled together expire at different times, and none later than promised', async () => {
    const chances = [0, 0.5, 1];
    cache = newCache(() => chances.shift() ?? 0);
    for (const key of ['last', 'middle', 'first']) await answer(key, gives(key));
    const freshKeys = () => ['first', 'middle', 'last'].filter((key) => fresh(key));
    jest.advanceTimersByTime(0.9 * MINUTE_MS);
    expect(freshKeys()).toEqual(['middle', 'last']);
    jest.advanceTimersByTime(0.05 * MINUTE_MS);
    expect(freshKeys()).toEqual(['last']);
    jest.advanceTimersByTime(0.05 * MINUTE_MS);
    expect(freshKeys()).toEqual([]);
  });

  it('spreads over a second what all loses its trust when events stop', async () => {
    const chances = [0, 0, 0, 1];
    cache = newCache(() => chances.shift() ?? 0);
    for (const key of ['late', 'early']) await answer(key, gives(key));
    cache.setLinked(false);
    jest.advanceTimersByTime(UNLINKED_FRESH_MS / 2);
    expect([fresh('late')?.value, fresh('early')]).toEqual(['late', undefined]);
  });

  it('counts look-ups by level, result and route, and tells the share of hits', async () => {
    const meters = new Meters();
    cache = newCache(() => 0, meters);
    await answer('k', gives('v'));
    for (let hits = 0; hits < 3; hits++) fresh('k');
    expect(await meters.find('cache.gets')?.read()).toEqual(
      expect.arrayContaining([
        { statistic: 'COUNT', value: 3, tags: { result: 'hit', level: 'L1', route: '/route' } },
        { statistic: 'COUNT', value: 1, tags: { result: 'miss', level: 'L1', route: '/route' } },
      ]),
    );
    expect(await meters.find('cache.hit.ratio')?.read()).toEqual([
      { statistic: 'VALUE', value: 0.75, tags: { level: 'L1', route: '/route' } },
    ]);
    expect(await meters.registry.metrics()).toContain(
      'cache_gets_total{result="hit",level="L1",route="/route"} 3',
    );
  });

  it('measures how long after a change what it makes untrue was gone, and how much that was', async () => {
    const meters = new Meters();
    cache = newCache(() => 0, meters);
    await answer('a', gives('a', ['course:A']));
    await answer('b', gives('b', ['course:A']));
    await cache.evictChanged(['course:A'], Date.now() - 40);
    expect(await meters.find('cache.invalidation.lag')?.read()).toContainEqual({
      statistic: 'TOTAL_TIME',
      value: 0.04,
      tags: {},
    });
    expect(await meters.find('cache.evictions')?.read()).toContainEqual({
      statistic: 'COUNT',
      value: 2,
      tags: { level: 'L1', cause: 'change' },
    });
  });

  it('keeps what it no longer trusts for when the origin fails', async () => {
    await answer('k', gives('old'));
    cache.distrust();
    expect(fresh('k')).toBeUndefined();
    expect(await answer('k', fails)).toBe('STALE old');
  });
});
