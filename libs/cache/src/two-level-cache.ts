import { SingleFlight } from '@flowchart/kernel';
import type { Meters } from '@flowchart/platform';
import { type Codec, type Entry, entryOf, type Fetched, trustedUntil } from './entry.js';
import { EvictionLog } from './eviction-log.js';
import { MemoryStore } from './memory-store.js';
import type { Lookup, RedisStore } from './redis-store.js';

/** Where an answer came from; `STALE` is one past its freshness, from either level. */
export type Source = 'L1' | 'L2' | 'MISS' | 'STALE';

export interface Found<V> {
  readonly entry: Entry<V>;
  readonly source: Source;
}

export interface TwoLevelCacheOptions<V> {
  readonly maxBytes: number;
  readonly codec: Codec<V>;
  /** Shared by all processes; without it each caches for itself. */
  readonly shared?: RedisStore<V>;
  readonly meters: Meters;
}

/** Freshness while events do not reach us: short enough that a change shows soon, long enough to break a rush. */
export const UNLINKED_FRESH_MS = 2000;
/** A key whose origin has just failed is served stale for so long before the origin is asked again. */
const FAILURE_PAUSE_MS = 1000;
/** A change in the middle of a fetch makes it start over; after so many the answer is served but not kept. */
const FETCH_ATTEMPTS = 3;

/**
 * Ready values in two levels, in this process and in Redis, each kept under tags by which events evict them.
 *
 * One process asks the origin once for a key, however many wait for it. While the origin fails, or takes its time to
 * give a newer value, the old one serves as long as its lifetime says.
 */
export class TwoLevelCache<V> {
  private readonly memory: MemoryStore<V>;
  private readonly shared: RedisStore<V> | undefined;
  private readonly flights = new SingleFlight<Found<V>>();
  private readonly evictions = new EvictionLog();
  private readonly failing = new Set<string>();
  private readonly count: (result: 'hit' | 'miss' | 'stale', level: 'L1' | 'L2') => void;
  private linked = true;
  /** What Redis holds from before then may have escaped an eviction. */
  private sharedTrustedFromMs = 0;

  constructor({ maxBytes, codec, shared, meters }: TwoLevelCacheOptions<V>) {
    this.memory = new MemoryStore(maxBytes, (value) => codec.sizeBytes(value));
    this.shared = shared;
    this.count = this.measure(meters);
  }

  /** What may be served without asking anybody: no promise, for this is the path of almost every request. */
  fresh(key: string): Entry<V> | undefined {
    const entry = this.memory.get(key);
    if (entry === undefined || Date.now() >= entry.freshUntilMs) return undefined;
    this.count('hit', 'L1');
    return entry;
  }

  /** What this process has and may serve where nothing newer can be had. */
  held(key: string): Entry<V> | undefined {
    const entry = this.memory.get(key);
    if (entry === undefined || Date.now() >= entry.staleUntilMs) return undefined;
    this.count('stale', 'L1');
    return entry;
  }

  /** For when `fresh` has nothing: from Redis, else from `fetch`, else stale. Fails as `fetch` did when all fail. */
  async find(key: string, fetch: () => Promise<Fetched<V>>): Promise<Found<V>> {
    const held = this.memory.get(key);
    const nowMs = Date.now();
    this.count(held ? 'stale' : 'miss', 'L1');
    if (!held || nowMs >= held.staleUntilMs) return this.flights.do(key, () => this.load(key, fetch));
    const stale: Found<V> = { entry: held, source: 'STALE' };
    if (this.failing.has(key)) return stale;
    const flight = this.flights.do(key, () => this.load(key, fetch));
    // Whoever waits would be told the same: the failure shows in the state of the upstream's circuit breaker.
    const orStale = flight.catch(() => stale);
    return nowMs < held.revalidateUntilMs ? stale : orStale;
  }

  /** To be told when the value under `key` has grown, for this process holds so many bytes and no more. */
  reweigh(key: string): void {
    this.memory.reweigh(key);
  }

  /** Removes what shows any of `tags` from both levels. */
  async evict(tags: readonly string[]): Promise<void> {
    this.evictions.add(tags);
    this.memory.evict(tags);
    const evicted = (await this.shared?.evict(tags)) ?? true;
    if (!evicted) this.sharedTrustedFromMs = Date.now();
  }

  /** Nothing that is stored may be true any more; it only stands in where an origin fails. */
  distrust(): void {
    const nowMs = Date.now();
    this.evictions.addEverything();
    this.memory.distrust(nowMs);
    this.sharedTrustedFromMs = nowMs;
  }

  /** While events do not reach us everything is trusted for `UNLINKED_FRESH_MS` only. */
  setLinked(linked: boolean): void {
    if (linked === this.linked) return;
    this.linked = linked;
    if (linked) this.distrust();
    else this.memory.distrust(Date.now() + UNLINKED_FRESH_MS);
  }

  private async load(key: string, fetch: () => Promise<Fetched<V>>): Promise<Found<V>> {
    const position = this.evictions.position;
    const { entry: stored, mark } = await this.lookUpShared(key);
    if (stored && this.isFresh(stored)) return { entry: this.keep(key, stored), source: 'L2' };
    try {
      return { entry: await this.fetchCurrent(key, fetch, mark), source: 'MISS' };
    } catch (error) {
      this.pause(key);
      const usable =
        stored && Date.now() < stored.staleUntilMs && !this.evictions.outdated(stored.tags, position);
      if (!usable) throw error;
      return { entry: this.keep(key, trustedUntil(stored, 0)), source: 'STALE' };
    }
  }

  private async lookUpShared(key: string): Promise<Lookup<V>> {
    if (!this.shared) return { entry: undefined, mark: undefined };
    const position = this.evictions.position;
    const { entry, mark } = await this.shared.get(key);
    // What was evicted while Redis was asked may have been read just before.
    const current = entry && !this.evictions.outdated(entry.tags, position) ? entry : undefined;
    this.count(current && this.isFresh(current) ? 'hit' : 'miss', 'L2');
    return { entry: current, mark };
  }

  private async fetchCurrent(
    key: string,
    fetch: () => Promise<Fetched<V>>,
    mark: number | undefined,
  ): Promise<Entry<V>> {
    for (let attempt = 1; ; attempt++) {
      const position = this.evictions.position;
      const bornAtMs = Date.now();
      const entry = entryOf(await fetch(), bornAtMs);
      if (!this.evictions.outdated(entry.tags, position)) {
        if (mark !== undefined) void this.shared?.set(key, entry, mark);
        return this.keep(key, entry);
      }
      if (attempt === FETCH_ATTEMPTS) return entry;
    }
  }

  private keep(key: string, entry: Entry<V>): Entry<V> {
    const kept = this.linked ? entry : trustedUntil(entry, Date.now() + UNLINKED_FRESH_MS);
    this.memory.set(key, kept);
    return kept;
  }

  private isFresh({ freshUntilMs, bornAtMs }: Entry<V>): boolean {
    return Date.now() < freshUntilMs && bornAtMs > this.sharedTrustedFromMs;
  }

  private pause(key: string): void {
    this.failing.add(key);
    setTimeout(() => this.failing.delete(key), FAILURE_PAUSE_MS).unref();
  }

  private measure(meters: Meters): TwoLevelCache<V>['count'] {
    const gets = meters.counter({
      name: 'cache.gets',
      description: 'Look-ups by level and result',
      tags: ['result', 'level'],
    });
    meters.gauge({ name: 'cache.size', description: 'Entries in this process', baseUnit: 'entries' }, () => {
      return this.memory.size;
    });
    meters.gauge({ name: 'cache.bytes', description: 'Bytes in this process', baseUnit: 'bytes' }, () => {
      return this.memory.bytes;
    });
    return (result, level) => gets.inc({ result, level });
  }
}
