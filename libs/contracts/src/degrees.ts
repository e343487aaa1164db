import { z } from 'zod';
import { courseCodeSchema, levelSchema } from './courses.js';
import { pageSchema, pagingQuery } from './paging.js';
import { textSchema } from './text.js';

const courseList = z.array(courseCodeSchema).min(1).max(100);
const title = textSchema(1, 200);

/** Courses that count towards `CREDITS_FROM`: members combine with AND, and at least one is given. */
export const creditSourceSchema = z
  .strictObject({
    departments: z.array(textSchema(1, 80)).min(1).max(20).optional(),
    level: levelSchema.optional(),
    courses: courseList.optional(),
  })
  .refine(
    (from) => from.departments ?? from.level ?? from.courses,
    'must name departments, a level or courses',
  )
  .meta({ id: 'CreditSource' });

export type CreditSource = z.infer<typeof creditSourceSchema>;

const allOf = z.strictObject({ kind: z.literal('ALL_OF'), title, courses: courseList });
const chooseN = z.strictObject({
  kind: z.literal('CHOOSE_N'),
  title,
  choose: z.int().min(1).max(50),
  courses: courseList,
});
const creditsFrom = z.strictObject({
  kind: z.literal('CREDITS_FROM'),
  title,
  credits: z.int().min(1).max(200),
  from: creditSourceSchema,
});

const totalCredits = z.strictObject({ kind: z.literal('TOTAL_CREDITS'), minimum: z.int().min(1).max(400) });
const minimumGpa = z.strictObject({ kind: z.literal('MINIMUM_GPA'), gpa: z.number().min(0).max(4) });
const maxCreditsPerTerm = z.strictObject({
  kind: z.literal('MAX_CREDITS_PER_TERM'),
  credits: z.int().min(1).max(40),
});
const maxTransferCredits = z.strictObject({
  kind: z.literal('MAX_TRANSFER_CREDITS'),
  credits: z.int().min(0).max(200),
});
const maxYears = z.strictObject({ kind: z.literal('MAX_YEARS'), years: z.int().min(1).max(20) });

export const requirementRuleSchema = z
  .discriminatedUnion('kind', [allOf, chooseN, creditsFrom])
  .meta({ id: 'RequirementRule' });
export type RequirementRule = z.infer<typeof requirementRuleSchema>;

export const constraintRuleSchema = z
  .discriminatedUnion('kind', [totalCredits, minimumGpa, maxCreditsPerTerm, maxTransferCredits, maxYears])
  .meta({ id: 'ConstraintRule' });
export type ConstraintRule = z.infer<typeof constraintRuleSchema>;

const identified = { id: z.uuid() };

/** A rule as a degree has it. */
export const requirementSchema = z
  .discriminatedUnion('kind', [
    allOf.extend(identified),
    chooseN.extend(identified),
    creditsFrom.extend(identified),
  ])
  .meta({ id: 'Requirement' });
export type Requirement = z.infer<typeof requirementSchema>;

export const constraintSchema = z
  .discriminatedUnion('kind', [
    totalCredits.extend(identified),
    minimumGpa.extend(identified),
    maxCreditsPerTerm.extend(identified),
    maxTransferCredits.extend(identified),
    maxYears.extend(identified),
  ])
  .meta({ id: 'Constraint' });
export type Constraint = z.infer<typeof constraintSchema>;

export const degreeCodeSchema = z
  .string()
  .regex(/^[A-Z]{2,10}$/, 'must look like MSCS')
  .meta({ id: 'DegreeCode', example: 'MSCS' });

export const degreeSchema = z
  .object({
    id: z.uuid(),
    code: degreeCodeSchema,
    name: z.string(),
    level: levelSchema,
    department: z.string(),
    totalCredits: z.int(),
    version: z.int().min(1),
  })
  .meta({ id: 'Degree' });

export type Degree = z.infer<typeof degreeSchema>;

export const degreeQuerySchema = z.strictObject(pagingQuery);
export type DegreeQuery = z.infer<typeof degreeQuerySchema>;

export const degreePageSchema = z
  .object({ items: z.array(degreeSchema), page: pageSchema })
  .meta({ id: 'DegreePage' });
export type DegreePage = z.infer<typeof degreePageSchema>;

/** What a registrar may change; lists that are left out stay as they are. */
export const degreeInputSchema = z
  .strictObject({
    name: title,
    department: textSchema(1, 80),
    totalCredits: z.int().min(1).max(400),
    requirements: z.array(requirementRuleSchema).max(100).optional(),
    constraints: z.array(constraintRuleSchema).max(20).optional(),
  })
  .meta({ id: 'DegreeInput' });
export type DegreeInput = z.infer<typeof degreeInputSchema>;

export const degreeRequirementsSchema = z
  .object({ degreeId: z.uuid(), requirements: z.array(requirementSchema) })
  .meta({ id: 'DegreeRequirements' });
export type DegreeRequirements = z.infer<typeof degreeRequirementsSchema>;

export const degreeConstraintsSchema = z
  .object({ degreeId: z.uuid(), constraints: z.array(constraintSchema) })
  .meta({ id: 'DegreeConstraints' });
export type DegreeConstraints = z.infer<typeof degreeConstraintsSchema>;

/** The prerequisite DAG of a degree laid out in terms: `layers[i]` may be taken once all before are passed. */
export const flowchartSchema = z
  .object({
    degreeId: z.uuid(),
    nodes: z.array(
      z.object({
        code: courseCodeSchema,
        title: z.string(),
        credits: z.int(),
        layer: z.int().min(0),
        requirementId: z.uuid().nullable().describe('null: here only as a prerequisite'),
      }),
    ),
    edges: z.array(z.object({ from: courseCodeSchema, to: courseCodeSchema })),
    layers: z.array(z.array(courseCodeSchema)),
  })
  .meta({ id: 'Flowchart' });
export type Flowchart = z.infer<typeof flowchartSchema>;

/** A degree with its rules in one answer, for services that keep a copy; never offered by the edge. */
export interface DegreeRules extends Degree {
  requirements: Requirement[];
  constraints: Constraint[];
}
export interface DegreeIndex {
  degrees: DegreeRules[];
}
