/** Reads of degrees in plain SQL. A degree is small and there are few: one is always read whole, in one statement. */
import type { Degree, DegreeRules } from '@flowchart/contracts';

const degreeColumns = `id, code, name, level, department, total_credits AS "totalCredits", version`;

const rulesIn = (table: string): string => `
  (SELECT coalesce(json_agg(jsonb_build_object('id', rule.id) || rule.rule ORDER BY position), '[]')
   FROM ${table} rule WHERE degree_id = degrees.id)`;

const rules = `
  SELECT ${degreeColumns},
    ${rulesIn('degree_requirements')} AS requirements,
    ${rulesIn('degree_constraints')} AS constraints
  FROM degrees`;

export const degreeById = `${rules} WHERE id = $1`;
export const degreeByCode = `${rules} WHERE code = $1`;

export const catalogueVersion = 'SELECT version FROM degree_catalogue WHERE singleton';

export interface CatalogueRow {
  readonly version: string;
  readonly degrees: DegreeRules[];
}

/** Every degree with its rules, and the version that they are true for. */
export const wholeCatalogue = `
  SELECT version, (SELECT coalesce(json_agg(degree ORDER BY code), '[]') FROM (${rules}) degree) AS degrees
  FROM degree_catalogue WHERE singleton`;

export interface PageRow {
  readonly catalogue: string;
  readonly total: number;
  readonly degrees: Degree[];
}

/** The degrees after code `$1`, at most `$2`. */
export const degreesAfter = `
  SELECT
    version AS catalogue,
    (SELECT count(*)::int FROM degrees) AS total,
    (SELECT coalesce(json_agg(degree ORDER BY code), '[]')
     FROM (SELECT ${degreeColumns} FROM degrees WHERE code > $1 ORDER BY code LIMIT $2) degree) AS degrees
  FROM degree_catalogue WHERE singleton`;
