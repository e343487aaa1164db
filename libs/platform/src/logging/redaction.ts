// Takes secrets out of what is about to be logged, whatever shape it has.
const REDACTED = '[redacted]';

/** Beyond these a line tells no more than it costs; they also bound what a hostile value can make us do. */
const MAX_TEXT_CHARS = 16_384;
const MAX_DEPTH = 6;
const MAX_VALUES = 500;
/** Of all texts of one line together. */
const MAX_LINE_CHARS = 65_536;

/** Names of secrets, as they are once case and separators are gone: `X-Api-Key` is `xapikey`. */
const secretName =
  /authorization|cookie|passw|passphrase|pwd$|secret|token|apikey|privatekey|credential|session(id)?$|assertion|signature|^xflowchartidentity$|identitykeys?$/;

/** Headers whose whole value is secret, blanks included. */
const HEADER = '(?:authorization|cookie|x-flowchart-identity)';
const NAME =
  '(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|session[_-]?id|assertion|signature)[\\w-]{0,16}';
/** Most texts hold nothing of this, and are looked at once. */
const suspicious =
  /authorization|cookie|passw|passphrase|pwd|secret|token|key|session|assertion|signature|identity|bearer|basic|eyj|:\/\//i;

const rules: readonly (readonly [RegExp, string])[] = [
  // JSON Web Tokens, wherever they stand.
  [/\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  [/\b(bearer)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\b(basic)\s+[\w+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // postgres://user:password@host
  [/(\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s/:@]{0,128}):[^\s/@]{1,512}@/gi, `$1:${REDACTED}@`],
  // {"password":"x"}, also within a text within a text
  [
    new RegExp(
      `((?:${HEADER}|${NAME})\\\\*["']?\\s{0,4}[:=,]\\s{0,4}\\\\*(["']))(?:(?!\\\\*\\2).){1,2048}`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [
    new RegExp(`(${HEADER}\\s{0,4}[:=]\\s{0,4})(?=[^\\s"'{\\\\[])[^\\r\\n"'\\\\]{1,2048}`, 'gi'),
    `$1${REDACTED}`,
  ],
  // token=x&…
  [new RegExp(`(${NAME}\\s{0,4}[:=]\\s{0,4})(?=[^\\s[])[^\\s&,;"'\\\\})]{1,2048}`, 'gi'), `$1${REDACTED}`],
];

export const isSecretName = (name: string): boolean =>
  secretName.test(name.toLowerCase().replaceAll(/[^a-z\d]/g, ''));

/** A text without the tokens, passwords and credentials that can be told as such by their form or their name. */
export function redactText(text: string): string {
  const short =
    text.length <= MAX_TEXT_CHARS
      ? text
      : `${text.slice(0, MAX_TEXT_CHARS)}… (${text.length - MAX_TEXT_CHARS} more characters)`;
  if (!suspicious.test(short)) return short;
  let clean = short;
  for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement);
  return clean;
}

/** The query of a URL without its question mark; names count as what they decode to. */
export function redactQuery(query: string): string {
  return query
    .slice(0, MAX_TEXT_CHARS)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return redactText(pair);
      return isSecretName(decoded(pair.slice(0, equals)))
        ? `${pair.slice(0, equals)}=${REDACTED}`
        : `${pair.slice(0, equals)}=${isClean(pair.slice(equals + 1))}`;
    })
    .join('&');
}

function isClean(value: string): string {
  const plain = decoded(value);
  return redactText(plain) === plain ? value : REDACTED;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** A copy of any value that is safe to log and to write as JSON. Never throws. */
export const redacted = (value: unknown): unknown => new Copying().copy(value, 0);

/** One value's copy, and how much of it there may still be. */
class Copying {
  private left = MAX_VALUES;
  private charsLeft = MAX_LINE_CHARS;

  copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.copyText(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH || --this.left < 0) return '[…]';
    try {
      return this.copyObject(value, depth);
    } catch {
      return '[unreadable]';
    }
  }

  private copyText(text: string): string {
    if (this.charsLeft <= 0) return '[…]';
    this.charsLeft -= Math.min(text.length, MAX_TEXT_CHARS);
    return redactText(text);
  }

  private copyObject(value: object, depth: number): unknown {
    if (value instanceof Error) return { type: value.name, message: this.copyText(value.message) };
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof URL) return urlText(value);
    if (Array.isArray(value)) return this.copyList(value, depth);
    if (value instanceof Set) return this.copyList([...value], depth);
    if (value instanceof Map || value instanceof Headers) return this.copyPairs([...value.entries()], depth);
    return this.copyPairs(Object.entries(value), depth, isNamedSecret(value));
  }

  /** Raw headers are lists in which a value follows its name. */
  private copyList(list: readonly unknown[], depth: number): unknown[] {
    return list.slice(0, MAX_VALUES).map((item, index) => {
      const before = list[index - 1];
      const follows = typeof before === 'string' && typeof item === 'string' && isHeaderName(before);
      return follows ? REDACTED : this.copy(item, depth + 1);
    });
  }

  private copyPairs(pairs: readonly (readonly [unknown, unknown])[], depth: number, named = false): unknown {
    const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [key, value] of pairs.slice(0, MAX_VALUES)) {
      const name = String(key);
      const hidden =
        value !== undefined && value !== null && (isSecretName(name) || (named && name === 'value'));
      copy[this.copyText(name)] = hidden ? REDACTED : this.copy(value, depth + 1);
    }
    return copy;
  }
}

const isHeaderName = (text: string): boolean => text.length <= 64 && !/\s/.test(text) && isSecretName(text);

/** `{name: 'authorization', value: 'x'}` */
function isNamedSecret(value: object): boolean {
  const { name, key } = value as { name?: unknown; key?: unknown };
  return [name, key].some((text) => typeof text === 'string' && isHeaderName(text));
}

function urlText({ href, search }: URL): string {
  const bare = redactText(search === '' ? href : href.slice(0, href.indexOf('?')));
  return search === '' ? bare : `${bare}?${redactQuery(search.slice(1))}`;
}
