/** More tags than a catalogue has entities. */
const REMEMBERED_TAGS = 10_000;

/**
 * Remembers in which order tags were evicted, so that an answer that was on its way meanwhile is known to be outdated.
 * Positions are counted, not timed: what happened before what needs no clock.
 */
export class EvictionLog {
  private readonly lastEviction = new Map<string, number>();
  private newest = 0;
  /** Evictions up to here have been forgotten, or concerned everything. */
  private floor = 0;

  /** Hand it to `outdated` when the answer is there. */
  get position(): number {
    return this.newest;
  }

  add(tags: readonly string[]): void {
    this.newest++;
    for (const tag of tags) {
      this.lastEviction.delete(tag);
      this.lastEviction.set(tag, this.newest);
    }
    this.forgetOldest();
  }

  addEverything(): void {
    this.floor = ++this.newest;
    this.lastEviction.clear();
  }

  /** Whether one of `tags` was evicted after `position`. */
  outdated(tags: readonly string[], position: number): boolean {
    return position < this.floor || tags.some((tag) => (this.lastEviction.get(tag) ?? 0) > position);
  }

  private forgetOldest(): void {
    for (const [tag, position] of this.lastEviction) {
      if (this.lastEviction.size <= REMEMBERED_TAGS) return;
      this.lastEviction.delete(tag);
      this.floor = Math.max(this.floor, position);
    }
  }
}
