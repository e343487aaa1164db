import { z } from 'zod';
import { courseCodeSchema, levelSchema } from './courses.js';
import { degreeCodeSchema } from './degrees.js';

/** A term of one year, `2026-FALL`; within a year SPRING comes before SUMMER before FALL. */
export const academicTermSchema = z
  .string()
  .regex(/^(19|20)\d{2}-(SPRING|SUMMER|FALL)$/, 'must look like 2026-FALL')
  .meta({ id: 'AcademicTerm', example: '2026-FALL' });

export const gradeSchema = z.enum(['A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D', 'F', 'P', 'W']);
export type Grade = z.infer<typeof gradeSchema>;

export const profileSchema = z
  .object({
    id: z.uuid(),
    username: z.string(),
    name: z.string(),
    email: z.string(),
    level: levelSchema,
    degreeCode: degreeCodeSchema,
    admittedTerm: academicTermSchema,
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof profileSchema>;

export const transcriptEntrySchema = z.object({
  term: academicTermSchema,
  code: courseCodeSchema,
  title: z.string(),
  credits: z.int(),
  grade: gradeSchema,
  transfer: z.boolean(),
});
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

export const transcriptSchema = z
  .object({
    entries: z.array(transcriptEntrySchema),
    gpa: z.number().min(0).max(4).nullable().describe('null before the first graded course'),
    creditsEarned: z.int().min(0),
  })
  .meta({ id: 'Transcript' });
export type Transcript = z.infer<typeof transcriptSchema>;

export const planInputSchema = z
  .strictObject({
    terms: z
      .array(z.strictObject({ term: academicTermSchema, courses: z.array(courseCodeSchema).max(20) }))
      .max(30),
  })
  .meta({ id: 'PlanInput' });
export type PlanInput = z.infer<typeof planInputSchema>;

export const planSchema = z
  .object({
    studentId: z.uuid(),
    terms: z.array(
      z.object({ term: academicTermSchema, courses: z.array(courseCodeSchema), credits: z.int().min(0) }),
    ),
    version: z.int().min(0).describe('0: nothing saved yet'),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof planSchema>;

export const planViolationSchema = z
  .object({
    rule: z.enum(['PREREQUISITE', 'TERM_NOT_OFFERED', 'CREDIT_LIMIT', 'DUPLICATE', 'UNKNOWN_COURSE']),
    term: academicTermSchema,
    course: courseCodeSchema.optional(),
    message: z.string(),
  })
  .meta({ id: 'PlanViolation' });
export type PlanViolation = z.infer<typeof planViolationSchema>;

const progress = z.object({
  done: z.number(),
  needed: z.number(),
  unit: z.enum(['COURSES', 'CREDITS', 'GPA', 'YEARS']),
});

export const auditSchema = z
  .object({
    degree: z.object({ id: z.uuid(), code: degreeCodeSchema, name: z.string() }),
    complete: z.boolean(),
    requirements: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(['ALL_OF', 'CHOOSE_N', 'CREDITS_FROM']),
        title: z.string(),
        satisfied: z.boolean(),
        progress,
        completed: z.array(courseCodeSchema),
        missing: z
          .object({
            courses: z.array(courseCodeSchema).describe('Courses that would count and are not passed yet'),
            count: z.number().describe('How many courses or credits are still needed'),
          })
          .nullable(),
      }),
    ),
    constraints: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum([
          'TOTAL_CREDITS',
          'MINIMUM_GPA',
          'MAX_CREDITS_PER_TERM',
          'MAX_TRANSFER_CREDITS',
          'MAX_YEARS',
        ]),
        satisfied: z.boolean(),
        progress,
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Audit' });
export type Audit = z.infer<typeof auditSchema>;

const termsOfYear = ['SPRING', 'SUMMER', 'FALL'];

/** Position of `2026-FALL` on the time line; differences count terms, three to a year. */
export function termIndex(term: string): number {
  const [year = '', season = ''] = term.split('-');
  return Number(year) * 3 + termsOfYear.indexOf(season);
}

/** The term at a position of the time line: the inverse of `termIndex`. */
export const termAt = (index: number): string => `${Math.floor(index / 3)}-${termsOfYear[index % 3]}`;

/** Grade points of the usual four-point scale; `P` (passed) and `W` (withdrawn) carry none. */
export const gradePoints: Readonly<Record<Grade, number | null>> = {
  A: 4,
  'A-': 3.7,
  'B+': 3.3,
  B: 3,
  'B-': 2.7,
  'C+': 2.3,
  C: 2,
  'C-': 1.7,
  D: 1,
  F: 0,
  P: null,
  W: null,
};

/** Whether a grade earns the course's credits. */
export const isPassing = (grade: Grade): boolean => grade !== 'F' && grade !== 'W';
