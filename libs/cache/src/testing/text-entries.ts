/** Entries whose values are plain texts, for the specs of this library. */
import type { Codec, Entry, Fetched, Lifetime } from '../entry.js';

export const textCodec: Codec<string> = {
  encode: (value) => Buffer.from(value),
  decode: (stored) => stored.toString('utf8'),
  sizeBytes: (value) => value.length,
};

export const lifetime: Lifetime = { freshMs: 60_000, revalidateMs: 30_000, staleMs: 600_000 };

export const fetched = (
  value: string,
  tags: string[] = [],
  lasts: Partial<Lifetime> = {},
): Fetched<string> => ({
  value,
  tags,
  lifetime: { ...lifetime, ...lasts },
});

export const entry = (value: string, tags: string[] = [], bornAtMs = Date.now()): Entry<string> => ({
  value,
  tags,
  bornAtMs,
  freshUntilMs: bornAtMs + 60_000,
  revalidateUntilMs: bornAtMs + 90_000,
  staleUntilMs: bornAtMs + 660_000,
});

/** A promise that is settled from outside: an origin that answers when the spec says so. */
export function pending<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let settle: { resolve: (value: T) => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  if (!settle) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}
