import { z } from 'zod';

/** The `:id` of a path. */
export const degreeIdSchema = z.object({ id: z.uuid('must be a UUID') });
export type DegreeId = z.infer<typeof degreeIdSchema>;
