import { SingleFlight } from '@flowchart/kernel';
import type { Meters } from '@flowchart/platform';
import { CacheMeters, type Gets } from './cache-meters.js';
import { type Codec, type Entry, entryOf, type Fetched, trustedUntil } from './entry.js';
import { EvictionLog } from './eviction-log.js';
import { MemoryStore } from './memory-store.js';
import type { RedisStore } from './redis-store.js';
import { type SharedFinding, SharedLevel } from './shared-level.js';

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
  /** From 0 to 1, as `Math.random`: spreads what would otherwise expire together. */
  readonly random?: () => number;
}

/** Freshness while events do not reach us: short enough that a change shows soon, long enough to break a rush. */
export const UNLINKED_FRESH_MS = 2000;
/** And for as long again the old answer is given once more while a newer one is fetched. */
const UNLINKED_REVALIDATE_MS = 2 * UNLINKED_FRESH_MS;
/** A key whose origin has just failed is served stale for so long before the origin is asked again. */
const FAILURE_PAUSE_MS = 1000;
/** A change in the middle of a fetch makes it start over; after so many the answer is served but not kept. */
const FETCH_ATTEMPTS = 3;

const notShared = { entry: undefined, answered: false, fresh: false } as const;

/**
 * Ready values in two levels, in this process and in Redis, each kept under tags by which events evict them.
 *
 * The origin is asked once for a key, however many wait for it, here or in other processes. While the origin fails, or
 * takes its time to give a newer value, the old one serves as long as its lifetime says.
 */
export class TwoLevelCache<V> {
  private readonly memory: MemoryStore<V>;
  private readonly shared: SharedLevel<V> | undefined;
  private readonly flights = new SingleFlight<Found<V>>();
  private readonly evictions = new EvictionLog();
  private readonly failing = new Set<string>();
  private readonly meters: CacheMeters;
  private readonly random: () => number;
  private linked = true;

  constructor({ maxBytes, codec, shared, meters, random = Math.random }: TwoLevelCacheOptions<V>) {
    this.memory = new MemoryStore(
      maxBytes,
      (value) => codec.sizeBytes(value),
      () => this.meters.evictions.L1.room++,
    );
    this.shared = shared && new SharedLevel(shared, this.evictions);
    this.meters = new CacheMeters(meters, this.memory);
    this.random = random;
  }

  /** Where the look-ups of `route` are counted; `fresh` and `find` want it. */
  getsOf(route: string): Gets {
    return this.meters.getsOf(route);
  }

  /** What may be served without asking anybody: no promise, for this is the path of almost every request. */
  fresh(key: string, gets: Gets): Entry<V> | undefined {
    const entry = this.memory.get(key);
    if (entry === undefined || Date.now() >= entry.freshUntilMs) return undefined;
    gets.L1.hit++;
    return entry;
  }

  /** What this process has and may serve where nothing newer can be had. */
  held(key: string, gets: Gets): Entry<V> | undefined {
    const entry = this.memory.get(key);
    if (entry === undefined || Date.now() >= entry.staleUntilMs) return undefined;
    gets.L1.stale++;
    return entry;
  }

  /** For when `fresh` has nothing: from Redis, else from `fetch`, else stale. Fails as `fetch` did when all fail. */
  async find(key: string, gets: Gets, fetch: () => Promise<Fetched<V>>): Promise<Found<V>> {
    const held = this.memory.get(key);
    const nowMs = Date.now();
    gets.L1[held ? 'stale' : 'miss']++;
    if (!held || nowMs >= held.staleUntilMs) return this.flights.do(key, () => this.load(key, gets, fetch));
    const stale: Found<V> = { entry: held, source: 'STALE' };
    if (this.failing.has(key)) return stale;
    const flight = this.flights.do(key, () => this.load(key, gets, fetch));
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
    this.meters.evictions.L1.change += this.memory.evict(tags);
    if (!this.shared) return;
    const evicted = await this.shared.evict(tags);
    this.meters.evictions.L2.change += evicted;
  }

  /** As `evict`, for a change that was committed at `committedAtMs`: how long ago that was is measured. */
  async evictChanged(tags: readonly string[], committedAtMs: number): Promise<void> {
    await this.evict(tags);
    // Clocks of two machines differ.
    this.meters.invalidationLag.record(Math.max(0, Date.now() - committedAtMs) / 1000);
  }

  /** Nothing that is stored may be true any more; it only stands in where an origin fails. */
  distrust(): void {
    const nowMs = Date.now();
    this.evictions.addEverything();
    this.memory.reassess((entry) => trustedUntil(entry, nowMs));
    this.shared?.distrust();
  }

  /**
   * While events do not reach us everything is trusted for `UNLINKED_FRESH_MS` only. Afterwards what was kept so long
   * runs out by itself, an entry at a time, so that the origins are not asked for everything at once.
   */
  setLinked(linked: boolean): void {
    if (linked === this.linked) return;
    this.linked = linked;
    if (!linked) return this.memory.reassess((entry) => this.unlinked(entry));
    this.evictions.addEverything();
    this.shared?.distrust();
  }

  private async load(key: string, gets: Gets, fetch: () => Promise<Fetched<V>>): Promise<Found<V>> {
    const position = this.evictions.position;
    const finding = this.shared ? await this.shared.find(key) : notShared;
    const { entry: stored, fresh } = finding;
    if (this.shared) gets.L2[fresh ? 'hit' : 'miss']++;
    if (stored && fresh) return { entry: this.keep(key, stored), source: 'L2' };
    try {
      return { entry: await this.fetchCurrent(key, fetch, finding), source: 'MISS' };
    } catch (error) {
      this.shared?.giveUp(key);
      this.pause(key);
      if (!stored || !this.standsIn(stored, position)) throw error;
      return { entry: this.keep(key, trustedUntil(stored, 0)), source: 'STALE' };
    }
  }

  private standsIn({ staleUntilMs, tags }: Entry<V>, position: number): boolean {
    return Date.now() < staleUntilMs && !this.evictions.outdated(tags, position);
  }

  private async fetchCurrent(
    key: string,
    fetch: () => Promise<Fetched<V>>,
    { mark, entry: stored, askedBefore = false }: SharedFinding<V>,
  ): Promise<Entry<V>> {
    for (let attempt = 1; ; attempt++) {
      const position = this.evictions.position;
      const bornAtMs = Date.now();
      const fetched = await fetch();
      const entry = entryOf(fetched, bornAtMs, this.random());
      if (!this.evictions.outdated(entry.tags, position)) {
        const admission = { unbounded: fetched.unbounded === true, askedBefore: askedBefore || !!stored };
        if (mark !== undefined) this.shared?.fill(key, entry, { mark, ...admission });
        return this.keep(key, entry);
      }
      if (attempt === FETCH_ATTEMPTS) {
        this.shared?.giveUp(key);
        return entry;
      }
    }
  }

  private keep(key: string, entry: Entry<V>): Entry<V> {
    const kept = this.linked ? entry : this.unlinked(entry);
    this.memory.set(key, kept);
    return kept;
  }

  private unlinked(entry: Entry<V>): Entry<V> {
    const nowMs = Date.now();
    // Half of the time is spread: when the events stop, all entries get here together.
    const freshMs = UNLINKED_FRESH_MS * (1 - this.random() / 2);
    return trustedUntil(entry, nowMs + freshMs, nowMs + UNLINKED_REVALIDATE_MS);
  }

  private pause(key: string): void {
    this.failing.add(key);
    setTimeout(() => this.failing.delete(key), FAILURE_PAUSE_MS).unref();
  }
}
