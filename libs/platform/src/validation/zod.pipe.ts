import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { AppError, platformErrors } from '../errors/app-error.js';

/** Checks a body, query or path parameters against a schema and hands on what the schema makes of it. */
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(value: unknown): z.output<S> {
    return parseRequest(this.schema, value);
  }
}

/** Like `schema.parse`, but fails with 400 and lists what is wrong where. */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new AppError(platformErrors.INVALID_REQUEST, detail, { extensions: { errors } });
}
