import { z } from 'zod';
import { pageSchema, pagingQuery } from './paging.js';
import { textSchema } from './text.js';

export const levelSchema = z.enum(['GRADUATE', 'UNDERGRADUATE']);
export type Level = z.infer<typeof levelSchema>;

export const termSchema = z.enum(['FALL', 'SPRING', 'SUMMER']);
export type Term = z.infer<typeof termSchema>;

export const courseCodeSchema = z
  .string()
  .regex(/^[A-Z]{2,4}[1-7]\d{2}$/, 'must look like CS101')
  .meta({ id: 'CourseCode', example: 'CS101' });

/** What a registrar writes; `id` and `version` are the service's. */
export const courseInputSchema = z
  .strictObject({
    code: courseCodeSchema,
    title: textSchema(1, 200),
    department: textSchema(1, 80),
    level: levelSchema,
    credits: z.int().min(1).max(12),
    description: textSchema(0, 2000).default(''),
    terms: z.array(termSchema).min(1).max(3),
    prerequisites: z.array(courseCodeSchema).max(20).default([]),
  })
  .meta({ id: 'CourseInput' });

export type CourseInput = z.infer<typeof courseInputSchema>;

export const courseSchema = z
  .object({
    id: z.uuid(),
    code: courseCodeSchema,
    title: z.string(),
    department: z.string(),
    level: levelSchema,
    credits: z.int(),
    description: z.string(),
    terms: z.array(termSchema),
    prerequisites: z.array(courseCodeSchema),
    version: z.int().min(1),
  })
  .meta({ id: 'Course' });

export type Course = z.infer<typeof courseSchema>;

const MAX_SEARCH_LENGTH = 100;

/**
 * The words of a search. All of them have to occur, whatever their case, order and number, so the same words are one
 * search; the limit holds for them, too, because a letter may get longer when it is lowered.
 */
const searchWords = textSchema(1, MAX_SEARCH_LENGTH)
  .transform((text) => [...new Set(text.toLowerCase().split(/\s+/))].sort().join(' '))
  .pipe(z.string().max(MAX_SEARCH_LENGTH));

export const courseQuerySchema = z.strictObject({
  level: levelSchema.optional(),
  department: textSchema(1, 80).optional(),
  q: searchWords.optional().describe('Words or parts of words in code, title or description'),
  term: termSchema.optional(),
  ...pagingQuery,
});

export type CourseQuery = z.infer<typeof courseQuerySchema>;

export const coursePageSchema = z
  .object({ items: z.array(courseSchema), page: pageSchema })
  .meta({ id: 'CoursePage' });

export type CoursePage = z.infer<typeof coursePageSchema>;

/** One course of a prerequisite DAG; `requires` are the codes it needs directly. */
export const prerequisiteNodeSchema = z
  .object({
    code: courseCodeSchema,
    title: z.string(),
    credits: z.int(),
    level: levelSchema,
    depth: z.int().min(1).describe('Edges on the longest path from the course asked for'),
    requires: z.array(courseCodeSchema),
  })
  .meta({ id: 'PrerequisiteNode' });

export const prerequisitesSchema = z
  .object({ course: courseSchema, requires: z.array(prerequisiteNodeSchema) })
  .meta({ id: 'Prerequisites' });

export type PrerequisiteNode = z.infer<typeof prerequisiteNodeSchema>;
export type Prerequisites = z.infer<typeof prerequisitesSchema>;

/** The whole catalogue in one answer, for services that keep a copy; never offered by the edge. */
export const courseIndexSchema = z.object({ courses: z.array(courseSchema) });
export type CourseIndex = z.infer<typeof courseIndexSchema>;
