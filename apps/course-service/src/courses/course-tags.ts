/** Which answers show a course, and which a change of one makes untrue. */
import { type CourseQuery, tags } from '@flowchart/contracts';
import type { Course } from './course.entity.js';

/** About 13 bytes each in a header; a page of the default length stays well below. */
const MOST_COURSE_TAGS = 50;

type Filters = Pick<CourseQuery, 'department' | 'level' | 'term' | 'q'>;
type Filtered = Pick<Course, 'code' | 'title' | 'description' | 'department' | 'level' | 'terms'>;

/** The tags of a page of the search: of the courses on it, and of what decides which courses are on it. */
export function pageTags(filters: Filters, codes: readonly string[]): string[] {
  const shown = codes.length > MOST_COURSE_TAGS ? [tags.everyCourse] : codes.map(tags.course);
  return [...membershipTags(filters), ...shown];
}

function membershipTags({ department, level, term, q }: Filters): string[] {
  const filters = [
    ...(department ? [tags.coursesBy('department', department)] : []),
    ...(level ? [tags.coursesBy('level', level)] : []),
    ...(term ? [tags.coursesBy('term', term)] : []),
    ...(q ? [tags.coursesByText] : []),
  ];
  return filters.length > 0 ? filters : [tags.courses];
}

/**
 * The tags of all that a change makes untrue: what shows the course, and the lists that it may have come into or gone
 * from. Without `before` it is new, without `after` it is gone.
 */
export function tagsOfChange(before: Filtered | undefined, after: Filtered | undefined): string[] {
  const code = (after ?? before)?.code;
  if (code === undefined) return [];
  const cameOrWent = before && after ? [] : [tags.courses];
  return [
    tags.course(code),
    tags.everyCourse,
    ...cameOrWent,
    ...difference(filterTags(before), filterTags(after)),
    ...(textOf(before) === textOf(after) ? [] : [tags.coursesByText]),
  ];
}

const filterTags = (course: Filtered | undefined): string[] =>
  course
    ? [
        tags.coursesBy('department', course.department),
        tags.coursesBy('level', course.level),
        ...course.terms.map((term) => tags.coursesBy('term', term)),
      ]
    : [];

const textOf = (course: Filtered | undefined): string | undefined =>
  course && JSON.stringify([course.title, course.description]);

/** What stands in one of the two and not in the other. */
function difference(some: readonly string[], others: readonly string[]): string[] {
  const missing = (from: readonly string[], list: readonly string[]) =>
    from.filter((one) => !list.includes(one));
  return [...missing(some, others), ...missing(others, some)];
}
