/** Validators (RFC 9110, 8.8.3): each coding of an answer has other bytes, and so a strong tag of its own. */
import type { Coding } from './accept-encoding.js';

const suffixes: Readonly<Record<Coding, string>> = { br: '-br', gzip: '-gz', identity: '' };

/** The tag of an answer in `coding`: `"7"` is `"7-br"` in Brotli. */
export const etagOf = (etag: string, coding: Coding): string => `${etag.slice(0, -1)}${suffixes[coding]}"`;

/**
 * An `If-Match` as the service knows its tags. Whatever coding a client read, it is the same state that it wants to
 * change.
 */
export const withoutCodings = (ifMatch: string): string => ifMatch.replaceAll(/-(?:br|gz)"/g, '"');

/**
 * Which of `etags` an `If-None-Match` names (RFC 9110, 13.1.2): a list of entity tags or `*`, compared weakly, since a
 * cache on the way may have marked ours as weak.
 */
export function namedEtag(ifNoneMatch: string, etags: readonly string[]): string | undefined {
  if (etags.includes(ifNoneMatch)) return ifNoneMatch;
  const given = ifNoneMatch.trim();
  if (given === '*') return etags[0];
  const named = new Set((given.match(entityTag) ?? []).map((tag) => tag.replace(/^W\//, '')));
  return etags.find((etag) => named.has(etag));
}

/** `W/` and quotes as RFC 9110, 8.8.3 defines them; a tag may hold a comma. */
const entityTag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
