/** A stored answer with what the cache must know to keep it honest. */
export interface Entry<V> {
  readonly value: V;
  /** Names of what it shows; an event about one of them evicts it. */
  readonly tags: readonly string[];
  /** When its origin was asked. */
  readonly bornAtMs: number;
  /** Until then it is served without asking anybody. */
  readonly freshUntilMs: number;
  /** Until then it is served once more while a newer one is fetched. */
  readonly revalidateUntilMs: number;
  /** Until then it is served while the origin fails. */
  readonly staleUntilMs: number;
}

/** How long an answer lasts: `freshMs` from its birth, the other two from the end of freshness. */
export interface Lifetime {
  readonly freshMs: number;
  readonly revalidateMs: number;
  readonly staleMs: number;
}

/** What an origin answered. */
export interface Fetched<V> {
  readonly value: V;
  readonly tags: readonly string[];
  readonly lifetime: Lifetime;
  /**
   * There is no end of keys like this one: whoever asks may invent them. Such an answer is shared only once it is asked
   * for again, and the number of those that are shared is bounded.
   */
  readonly unbounded?: boolean;
}

/** How values travel to Redis and back, and what they weigh. */
export interface Codec<V> {
  encode(value: V): Buffer;
  /** Throws when the bytes are not what `encode` makes; then they count as not stored. */
  decode(stored: Buffer): V;
  sizeBytes(value: V): number;
}

/** Freshness ends up to this share early: what was filled together must not expire together. */
const JITTER = 0.1;

/** `chance`, from 0 to 1, says how early freshness ends; the other two limits stay what the lifetime promises. */
export function entryOf<V>(
  { value, tags, lifetime }: Fetched<V>,
  bornAtMs: number,
  chance: number,
): Entry<V> {
  const promisedUntilMs = bornAtMs + lifetime.freshMs;
  return {
    value,
    tags,
    bornAtMs,
    freshUntilMs: promisedUntilMs - Math.round(lifetime.freshMs * JITTER * chance),
    revalidateUntilMs: promisedUntilMs + lifetime.revalidateMs,
    staleUntilMs: promisedUntilMs + lifetime.staleMs,
  };
}

/** The same answer, trusted no longer than this; how long it stands in for a failing origin stays. */
export function trustedUntil<V>(
  entry: Entry<V>,
  freshUntilMs: number,
  revalidateUntilMs = freshUntilMs,
): Entry<V> {
  return {
    ...entry,
    freshUntilMs: Math.min(entry.freshUntilMs, freshUntilMs),
    revalidateUntilMs: Math.min(entry.revalidateUntilMs, revalidateUntilMs),
  };
}
