import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Meters } from '@flowchart/platform';
import type { Fetched } from './entry.js';
import { fetched, pending, textCodec } from './testing/text-entries.js';
import { TwoLevelCache, UNLINKED_FRESH_MS } from './two-level-cache.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** One process without Redis: what concerns both levels is shown on a real Redis in the integration spec. */
const newCache = () =>
  new TwoLevelCache<string>({ maxBytes: 2 ** 20, codec: textCodec, meters: new Meters() });

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
    const { entry, source } = await cache.find(key, fetch);
    return `${source} ${entry.value}`;
  };
  const gives = (value: string, tags?: string[]) => async () => fetched(value, tags);
  const fails = () => Promise.reject(new Error('origin is down'));

  it('asks the origin once and answers from memory until freshness ends', async () => {
    expect(cache.fresh('k')).toBeUndefined();
    expect(await answer('k', gives('v'))).toBe('MISS v');
    expect(cache.fresh('k')?.value).toBe('v');
    jest.advanceTimersByTime(MINUTE_MS);
    expect(cache.fresh('k')).toBeUndefined();
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
    expect(cache.fresh('k')?.value).toBe('new');
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
    expect(cache.fresh('a')).toBeUndefined();
    expect(cache.fresh('b')?.value).toBe('b');
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
    expect(cache.fresh('k')?.value).toBe('new');
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('serves but does not keep what changes faster than it is fetched', async () => {
    const fetch = async () => {
      await cache.evict(['a']);
      return fetched('v', ['a']);
    };
    expect(await answer('k', fetch)).toBe('MISS v');
    expect(cache.fresh('k')).toBeUndefined();
  });

  it('trusts what it has for two seconds only while events do not reach it', async () => {
    await answer('before', gives('v'));
    cache.setLinked(false);
    await answer('meanwhile', gives('v'));
    jest.advanceTimersByTime(UNLINKED_FRESH_MS - 1);
    expect([cache.fresh('before')?.value, cache.fresh('meanwhile')?.value]).toEqual(['v', 'v']);
    jest.advanceTimersByTime(1);
    expect([cache.fresh('before'), cache.fresh('meanwhile')]).toEqual([undefined, undefined]);
    expect(await answer('before', gives('new'))).toBe('MISS new');
    jest.advanceTimersByTime(UNLINKED_FRESH_MS);
    expect(await answer('before', fails)).toBe('STALE new');
  });

  it('takes nothing for fresh that it got before events reached it again', async () => {
    cache.setLinked(false);
    await answer('k', gives('old'));
    cache.setLinked(true);
    expect(cache.fresh('k')).toBeUndefined();
    expect(await answer('k', gives('new'))).toBe('MISS new');
    jest.advanceTimersByTime(MINUTE_MS - 1);
    expect(cache.fresh('k')?.value).toBe('new');
  });

  it('keeps what it no longer trusts for when the origin fails', async () => {
    await answer('k', gives('old'));
    cache.distrust();
    expect(cache.fresh('k')).toBeUndefined();
    expect(await answer('k', fails)).toBe('STALE old');
  });
});
