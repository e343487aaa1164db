import { z } from 'zod';

/** NUL, which PostgreSQL does not store, and halves of surrogate pairs, which UTF-8 does not carry. */
const unstorable = /[\0\p{Surrogate}]/u;

/** Text that every part of the system can keep and send on unchanged; blanks around it do not count. */
export const textSchema = (minLength: number, maxLength: number) =>
  z
    .string()
    .trim()
    .min(minLength)
    .max(maxLength)
    .refine((text) => !unstorable.test(text), 'must not contain NUL or half a surrogate pair');
