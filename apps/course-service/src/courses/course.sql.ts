/**
 * Reads of courses in plain SQL. Postgres writes the JSON and its bytes go on to the caller as they are: making
 * objects of the rows and text of the objects would cost this process more than all the rest of the request.
 */

/** A course as the API shows it; `row_to_json` of these columns is the DTO. */
export const courseColumns = `id, code, title, department, level, credits, description, terms,
  ARRAY(SELECT requires FROM course_prerequisites WHERE course = code ORDER BY requires) AS prerequisites, version`;

export interface CourseRow {
  readonly id: string;
  readonly code: string;
  readonly version: number;
  readonly json: string;
}

const one = (condition: string): string => `
  SELECT id, code, version, row_to_json(course)::text AS json
  FROM (SELECT ${courseColumns} FROM courses WHERE ${condition}) course`;

export const courseById = one('id = $1');
export const courseByCode = one('code = $1');

export const catalogueVersion = 'SELECT version FROM course_catalogue WHERE singleton';

export interface CatalogueRow {
  readonly version: string;
  readonly courses: string;
}

/** Every course, as one array. */
export const wholeCatalogue = `
  SELECT version, (
    SELECT coalesce(string_agg(row_to_json(course)::text, ',' ORDER BY code), '')
    FROM (SELECT ${courseColumns} FROM courses) course
  ) AS courses
  FROM course_catalogue WHERE singleton`;

export interface PrerequisitesRow {
  readonly catalogue: string;
  readonly code: string;
  readonly course: string;
  readonly requires: string;
  readonly codes: string[];
}

/**
 * A course and all that it requires, directly or not. UNION drops what was reached at the same depth before, so the
 * work is bounded by courses times depth, however many paths there are; it ends because writes refuse cycles.
 */
export const prerequisitesOf = `
  WITH RECURSIVE needed (code, depth) AS (
    SELECT requires, 1
    FROM course_prerequisites JOIN courses ON courses.code = course
    WHERE courses.id = $1
    UNION
    SELECT requires, depth + 1
    FROM needed JOIN course_prerequisites ON course = needed.code
  ), nodes AS (
    SELECT code, title, credits, level, longest.depth,
      ARRAY(SELECT requires FROM course_prerequisites WHERE course = code ORDER BY requires) AS requires
    FROM (SELECT code, max(depth) AS depth FROM needed GROUP BY code) longest JOIN courses USING (code)
  )
  SELECT
    catalogue.version AS catalogue,
    course.code,
    row_to_json(course)::text AS course,
    (SELECT coalesce(string_agg(row_to_json(nodes)::text, ',' ORDER BY depth, code), '') FROM nodes) AS requires,
    ARRAY(SELECT code FROM nodes ORDER BY code) AS codes
  FROM course_catalogue catalogue, (SELECT ${courseColumns} FROM courses WHERE id = $1) course
  WHERE catalogue.singleton`;
