import type { z } from 'zod';

export type Owner = 'edge' | 'course' | 'degree' | 'student';
export type Access = 'public' | 'optional' | 'student' | 'registrar';

/**
 * One row of the edge's HTTP API. The table of them is the only place that lists them: the edge routes by it, the OpenAPI
 * document is made from it, and the load-runner names its endpoints after it.
 */
export interface EdgeRoute {
  readonly operation: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path template with `{parameters}`; also the label of metrics. */
  readonly path: string;
  readonly owner: Owner;
  readonly access: Access;
  /** Seconds for which the answer may be served from a cache without asking; absent: the edge stores nothing. */
  readonly freshSeconds?: number;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly ok: { readonly status: 200 | 201 | 204; readonly body?: z.ZodType };
  /** Statuses of the problem answers that are the route's own; 400, 404, 429 and 503 may come from the edge anyway. */
  readonly problems: readonly number[];
}

/** A row for reading: 200 and the answer. */
export const get = <R extends Omit<EdgeRoute, 'method' | 'ok'>>(
  route: R & { answer: z.ZodType },
): EdgeRoute => {
  const { answer, ...rest } = route;
  return { ...rest, method: 'GET', ok: { status: 200, body: answer } };
};
