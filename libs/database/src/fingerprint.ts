// Tells statements of the same form by one short name, without any value that was in them.
import { createHash } from 'node:crypto';

export interface Fingerprint {
  /** 16 hexadecimal digits; the same for statements that differ in values, case of keywords aside, or spacing only. */
  readonly id: string;
  /** The statement with `?` for every value, shortened. */
  readonly text: string;
}

const MAX_READ_CHARS = 20_000;
const MAX_TEXT_CHARS = 1000;
const MAX_KNOWN = 500;
const ID_DIGITS = 16;

/** What PostgreSQL reads as one token and may hold a value, and comments. First comes what hides the others' beginnings. */
const tokens = new RegExp(
  [
    String.raw`--[^\n]*`,
    String.raw`\/\*[^]*?(?:\*\/|$)`,
    // E'text' alone has escapes. A quote that is missing where a statement was cut is at its end.
    String.raw`\b[eE]'(?:[^'\\]|''|\\[^])*(?:'|$)`,
    String.raw`(?:\b(?:[uU]&|[bBxXnN]))?'(?:[^']|'')*(?:'|$)`,
    // $$text$$, $tag$text$tag$
    String.raw`\$(?<tag>[A-Za-z_]\w*|)\$[^]*?(?:\$\k<tag>\$|$)`,
    String.raw`"(?:[^"]|"")*(?:"|$)`,
    String.raw`\$\d+`,
    String.raw`(?<![\w"])(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?)`,
  ].join('|'),
  'g',
);

const known = new Map<string, Fingerprint>();

/** Of any text; what is no SQL gets one, too. */
export function fingerprintOf(statement: string): Fingerprint {
  const found = known.get(statement);
  if (found) return found;
  const text = normalized(statement.slice(0, MAX_READ_CHARS));
  const id = createHash('sha256').update(text).digest('hex').slice(0, ID_DIGITS);
  const made = { id, text: text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text };
  // Statements with values in them come in any number.
  if (known.size < MAX_KNOWN) known.set(statement, made);
  return made;
}

function normalized(statement: string): string {
  return statement
    .replaceAll(tokens, (token) => (token.startsWith('"') ? token : isComment(token) ? ' ' : '?'))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\(\s?\?(?:\s?,\s?\?)*\s?\)/g, '(?)')
    .replaceAll(/\(\?\)(?:\s?,\s?\(\?\))+/g, '(?)')
    .trim();
}

const isComment = (token: string): boolean => token.startsWith('--') || token.startsWith('/*');
