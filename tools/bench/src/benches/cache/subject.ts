/** What is stored by every cache alike, and what a cache is asked for in the bench. */
import type { Order } from './messages.js';

/** A page of 20 courses has about so many bytes. */
export const VALUE_BYTES = 4700;
export const TAG = 'courses';
export const FRESH_MS = 600_000;

/** Text such as an answer's body, different for each key. */
export function valueOf(key: string): string {
  const course = `{"code":"${key}","title":"Design and Analysis of Algorithms","terms":["FALL"]}`;
  return `[${course},`.repeat(Math.ceil(VALUE_BYTES / course.length)).slice(0, VALUE_BYTES);
}

/** A hit: what is there at once is given at once. */
export type Read = (key: string) => Hit | Promise<Hit>;
export interface Hit {
  readonly length: number;
}

/** A cache that is filled with what the order names; for L2 its memory holds one entry at most. */
export type OpenCache = (order: Order) => Promise<Read>;

export const missing = (): never => {
  throw new Error('a hit was expected');
};
