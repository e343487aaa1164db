/** The search as SQL: one prepared statement for each combination of filters, never for their values. */
import type { CourseQuery } from '@flowchart/contracts';
import type { QueryConfig } from 'pg';
import { courseColumns } from './course.sql.js';

export interface SearchRow {
  /** Version of the catalogue that the page and its total are true for. */
  readonly catalogue: string;
  /** null: as many as the caller remembers. */
  readonly total: number | null;
  /** null in the only row of an empty page. */
  readonly code: string | null;
  readonly course: string | null;
}

export interface SearchPosition {
  /** The code that the page before ended with. */
  readonly after: string | undefined;
  /** Version of the catalogue for which the caller remembers the total; then it is not counted again. */
  readonly totalKnownFor: string;
}

/**
 * Rows that a statement may read, at least one more than the page has: that tells whether there is a next one. The
 * number stands in the text, as a parameter it would keep Postgres from reusing a plan (planning is half of the
 * statement's cost); and there are few of them, because each is a prepared statement of its own.
 */
const READ_SIZES = [21, 51, 101];

export function searchStatement(query: CourseQuery, { after, totalKnownFor }: SearchPosition): QueryConfig {
  const values: unknown[] = [totalKnownFor];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const matches = filterConditions(query, parameter);
  const onPage = after === undefined ? matches : [...matches, `code > ${parameter(after)}`];
  const rows = READ_SIZES.find((size) => size > query.limit) ?? query.limit + 1;
  const text = `
    SELECT
      catalogue.version AS catalogue,
      CASE WHEN catalogue.version <> $1 THEN (SELECT count(*)::int FROM courses ${where(matches)}) END AS total,
      course.code,
      row_to_json(course)::text AS course
    FROM course_catalogue catalogue LEFT JOIN LATERAL (
      SELECT ${courseColumns} FROM courses ${where(onPage)} ORDER BY code LIMIT ${rows}
    ) course ON true
    WHERE catalogue.singleton
    ORDER BY course.code`;
  return { name: `${rows} courses by ${filtersOf(query)}`, text, values };
}

const filtersOf = ({ level, department, term, q, cursor }: CourseQuery): string =>
  Object.entries({ level, department, term, q, cursor })
    .filter(([, value]) => value !== undefined)
    .map(([filter]) => filter)
    .join();

function filterConditions(
  { level, department, term, q }: CourseQuery,
  parameter: (value: unknown) => string,
): string[] {
  return [
    ...(level ? [`level = ${parameter(level)}`] : []),
    ...(department ? [`department = ${parameter(department)}`] : []),
    ...(term ? [`${parameter(term)} = ANY (terms)`] : []),
    ...(q ? wordConditions(q, parameter) : []),
  ];
}

/**
 * All words must occur. The index takes one pattern, not `ALL` of an array, so it gets the longest word, which has
 * the most trigrams to go by; the array holds the others.
 */
function wordConditions(q: string, parameter: (value: unknown) => string): string[] {
  const [longest = '', ...others] = q
    .toLowerCase()
    .split(/\s+/)
    .sort((a, b) => b.length - a.length);
  return [
    `search LIKE ${parameter(containing(longest))}`,
    `search LIKE ALL (${parameter(others.map(containing))}::text[])`,
  ];
}

/** The pattern of texts that contain `word` as it is: its own wildcards stand for themselves. */
export const containing = (word: string): string => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
