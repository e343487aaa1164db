import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from './entry.js';
import type { EvictionLog } from './eviction-log.js';
import { type Admission, LOCK_MS, type Lookup, type RedisStore } from './redis-store.js';

/** What the second level gives; its entry is outdated by no eviction that this process knows of. */
export interface SharedFinding<V> extends Lookup<V> {
  readonly fresh: boolean;
  /** What storing a newer one needs; without it that cannot be stored. */
  readonly mark?: number | undefined;
  readonly askedBefore?: boolean;
}

const FIRST_POLL_MS = 5;
const SLOWEST_POLL_MS = 50;

/** The second level as far as this process may believe it. One of all processes fills a key, the others wait for it. */
export class SharedLevel<V> {
  /** What Redis holds from before then may have escaped an eviction. */
  private trustedFromMs = 0;

  constructor(
    private readonly store: RedisStore<V>,
    private readonly evictions: EvictionLog,
  ) {}

  /**
   * A fresh entry, or else the caller's turn to ask the origin and then to `fill` or to `giveUp`. While another process
   * has its turn it is waited for, but no longer than `LOCK_MS`.
   */
  async find(key: string): Promise<SharedFinding<V>> {
    const found = await this.judged(() => this.store.get(key));
    if (found.fresh || !found.answered) return found;
    const deadlineMs = Date.now() + LOCK_MS;
    for (;;) {
      const claim = await this.judged(() => this.store.claim(key));
      if (!claim.answered) return found;
      if (claim.fresh && claim.granted) this.giveUp(key);
      if (claim.fresh || claim.granted || Date.now() >= deadlineMs) return claim;
      await this.turnOver(key, deadlineMs);
    }
  }

  /** Stores what the origin gave, without making anybody wait for it. */
  fill(key: string, entry: Entry<V>, admission: Admission): void {
    void this.store.set(key, entry, admission);
  }

  /** Lets another process have the turn. */
  giveUp(key: string): void {
    void this.store.release(key);
  }

  /** Removes what shows any of `tags`, and tells how many entries that were. */
  async evict(tags: readonly string[]): Promise<number> {
    const evicted = await this.store.evict(tags);
    if (evicted === undefined) this.distrust();
    return evicted ?? 0;
  }

  /** Takes nothing for fresh that was born until now. */
  distrust(): void {
    this.trustedFromMs = Date.now();
  }

  /** Until the process whose turn it is has filled the key, or has given up or died. */
  private async turnOver(key: string, deadlineMs: number): Promise<void> {
    for (
      let pollMs = FIRST_POLL_MS;
      Date.now() < deadlineMs;
      pollMs = Math.min(2 * pollMs, SLOWEST_POLL_MS)
    ) {
      await sleep(pollMs);
      if (!(await this.store.isClaimed(key))) return;
    }
  }

  private async judged<L extends Lookup<V>>(ask: () => Promise<L>): Promise<L & { fresh: boolean }> {
    const position = this.evictions.position;
    const found = await ask();
    // What was evicted while Redis was asked may have been read just before.
    const entry =
      found.entry && this.evictions.outdated(found.entry.tags, position) ? undefined : found.entry;
    return { ...found, entry, fresh: entry !== undefined && this.isFresh(entry) };
  }

  private isFresh({ freshUntilMs, bornAtMs }: Entry<V>): boolean {
    return Date.now() < freshUntilMs && bornAtMs > this.trustedFromMs;
  }
}
