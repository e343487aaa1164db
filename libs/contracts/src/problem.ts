import { z } from 'zod';

/** An error answer: RFC 9457 problem details plus the request's id; extension members are allowed. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('URI reference that names the kind of problem'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional().describe('Path of the request that failed'),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

export const problemContentType = 'application/problem+json; charset=utf-8';
