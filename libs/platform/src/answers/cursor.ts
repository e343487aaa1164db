/** Opaque positions in a list that is ordered by code. */
import type { z } from 'zod';
import { AppError, platformErrors } from '../errors/app-error.js';

/** The cursor of what follows `code` in `list`. */
export const cursorAfter = (list: string, code: string): string =>
  Buffer.from(`${list}:${code}`).toString('base64url');

/** The code that a cursor of `list` points behind; 400 for everything that `cursorAfter` does not give out. */
export function codeBehind(cursor: string, list: string, codes: z.ZodType<string>): string {
  const [listed, code] = Buffer.from(cursor, 'base64url').toString('utf8').split(':', 2);
  // Decoding is lenient: only what encodes to the very same text is ours.
  const isOurs = listed === list && codes.safeParse(code).success && cursorAfter(list, code ?? '') === cursor;
  if (isOurs && code !== undefined) return code;
  throw new AppError(
    platformErrors.INVALID_REQUEST,
    `cursor: is not one that this list gave out. Take page.next of the page before, or leave it out to start anew.`,
  );
}
