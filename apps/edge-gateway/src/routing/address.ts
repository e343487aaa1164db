import type { EdgeRoute } from '@flowchart/contracts';
import { AppError, parseRequest, platformErrors } from '@flowchart/platform';
import { edgeErrors } from '../errors.js';

/** A request as far as it says what is asked for. */
export interface Asked {
  /** Path and query as they came. */
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
}

/**
 * Turns what is asked for into the one path and query that all requests for the same answer share: parameters in the
 * route's order, defaults written out, identifiers in lower case. It is what a service is asked with and what an answer
 * is stored under, so it has only what the route table allows. Throws the problem of a request that has more or less.
 */
export type Addresser = (asked: Asked) => string;

/** Longer than any sensible request: the longest field of each parameter, percent-encoded, fits. */
const MAX_URL_LENGTH = 2048;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const controlCharacter = /\p{Cc}/u;

export function addresserOf(route: EdgeRoute): Addresser {
  return ({ url, params, query }) => {
    if (url.length > MAX_URL_LENGTH) {
      throw new AppError(edgeErrors.URI_TOO_LONG, `A URL may have at most ${MAX_URL_LENGTH} characters.`);
    }
    return pathOf(route, params, url) + searchOf(route, query);
  };
}

function pathOf(route: EdgeRoute, params: unknown, url: string): string {
  if (!route.params) return route.path;
  const result = route.params.safeParse(params);
  if (!result.success) {
    if (route.problems.includes(400)) parseRequest(route.params, params);
    throw new AppError(platformErrors.NOT_FOUND, `There is nothing at ${url.split('?', 1)[0] ?? url}.`);
  }
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(result.data[name]);
    return encodeURIComponent(uuid.test(value) ? value.toLowerCase() : value);
  });
}

function searchOf(route: EdgeRoute, query: unknown): string {
  const entries = Object.entries(query ?? {}) as [string, string | string[]][];
  refuseUnknown(route, entries);
  const given = entries.map(([name, value]): [string, string] => [name, onlyValue(name, value)]);
  refuseControlCharacters(given);
  if (!route.query) return '';
  const parsed = parseRequest(route.query, Object.fromEntries(given));
  const pairs = Object.keys(route.query.shape)
    .filter((name) => parsed[name] !== undefined)
    .map((name) => `${name}=${encodeURIComponent(String(parsed[name]))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Said twice is said once; what contradicts itself is refused rather than guessed at. */
function onlyValue(name: string, value: string | string[]): string {
  const [only = '', ...others] = new Set([value].flat());
  if (others.length === 0) return only;
  throw new AppError(
    platformErrors.INVALID_REQUEST,
    `${name}: is given more than once, with different values`,
  );
}

function refuseUnknown({ query }: EdgeRoute, given: readonly [string, unknown][]): void {
  const known = Object.keys(query?.shape ?? {});
  const unknown = given.map(([name]) => name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const takes = known.length === 0 ? 'takes no parameters' : `takes ${known.join(', ')}`;
  const names = unknown.slice(0, 5).join(', ');
  throw new AppError(platformErrors.INVALID_REQUEST, `Unknown parameter ${names}: this path ${takes}.`);
}

/** No name or text has them, and a NUL would be refused by the database only. */
function refuseControlCharacters(given: readonly [string, string][]): void {
  const bad = given.find(([, value]) => controlCharacter.test(value));
  if (bad) throw new AppError(platformErrors.INVALID_REQUEST, `${bad[0]}: must not have control characters`);
}
