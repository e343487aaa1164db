/**
 * Whether `If-None-Match` names `etag` (RFC 9110, 13.1.2): a list of entity tags or `*`, compared weakly, since a cache
 * on the way may have marked ours as weak.
 */
export function namesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  const given = ifNoneMatch.trim();
  return given === '*' || (given.match(entityTag) ?? []).some((tag) => tag.replace(/^W\//, '') === etag);
}

/** `W/` and quotes as RFC 9110, 8.8.3 defines them; a tag may hold a comma. */
const entityTag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
