import { z } from 'zod';

/** `limit` and `cursor` as every list takes them; the cursor is opaque to the caller. */
export const pagingQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'is not a cursor this API gave out')
    .optional()
    .describe('The `page.next` of the page before'),
};

export const pageSchema = z
  .object({
    limit: z.int().min(1).max(100),
    total: z.int().min(0).describe('Items that match, on all pages'),
    next: z.string().nullable().describe('Cursor of the next page; null on the last'),
  })
  .meta({ id: 'Page' });

export type Page = z.infer<typeof pageSchema>;
