/** Conditional requests as RFC 9110, section 13, has them, against entity tags that are version numbers: `"3"`. */
import { AppError } from '@flowchart/platform';
import { errors } from '../errors.js';

/** Versions that the client may overwrite; `any` for `*`. */
export type ExpectedVersions = readonly number[] | 'any';

interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

export const etagOf = (version: number): string => `"${version}"`;

/**
 * Throws 428 without a header and 400 for one that is none. Weak tags match nothing, as this comparison has to be
 * strong, and nor do tags that this service never gave out: both lead to 412, as they should.
 */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined) {
    throw new AppError(
      errors.IF_MATCH_REQUIRED,
      'Send If-Match with the ETag of the plan that you changed; GET /students/me/plan tells it.',
    );
  }
  if (header.trim() === '*') return 'any';
  const tags = parseTags(header);
  if (!tags || tags.length === 0) {
    const detail = 'If-Match must be *, or entity tags in double quotes such as "3".';
    throw new AppError(errors.IF_MATCH_MALFORMED, detail);
  }
  return tags.filter(({ weak, opaque }) => !weak && version.test(opaque)).map(({ opaque }) => Number(opaque));
}

export const allows = (expected: ExpectedVersions, current: number): boolean =>
  expected === 'any' || expected.includes(current);

/** Whether `If-None-Match` names the version, compared weakly; a header that cannot be read names none. */
export function names(header: string | undefined, current: number): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return parseTags(header)?.some(({ opaque }) => opaque === String(current)) ?? false;
}

/** A version as this service writes it, and one that fits into a database column. */
const version = /^(?:0|[1-9]\d{0,8})$/;

/** One member of the list, possibly empty, with the comma that ends it or the end of the text. */
const member = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|$)/y;

/** Null where the header is not a list of entity tags. Commas may be part of a tag, so splitting would not do. */
function parseTags(header: string): EntityTag[] | null {
  const tags: EntityTag[] = [];
  member.lastIndex = 0;
  while (member.lastIndex < header.length) {
    const found = member.exec(header);
    if (!found) return null;
    const [, weak, opaque] = found;
    if (opaque !== undefined) tags.push({ weak: weak !== undefined, opaque });
  }
  return tags;
}
