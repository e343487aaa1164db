/** Which courses a requirement takes. */
import type { CreditSource, Requirement } from '@flowchart/contracts';
import type { Courses } from '../catalogue/catalogue.service.js';

/** A requirement with the codes of the courses that may count for it. */
export interface Demand {
  readonly requirement: Requirement;
  readonly eligible: ReadonlySet<string>;
  readonly needed: number;
  readonly unit: 'COURSES' | 'CREDITS';
}

export function demandOf(requirement: Requirement, courses: Courses): Demand {
  if (requirement.kind === 'CREDITS_FROM') {
    const eligible = new Set(codesFrom(requirement.from, courses));
    return { requirement, eligible, needed: requirement.credits, unit: 'CREDITS' };
  }
  const eligible = new Set(requirement.courses);
  const needed = requirement.kind === 'ALL_OF' ? eligible.size : requirement.choose;
  return { requirement, eligible, needed, unit: 'COURSES' };
}

function codesFrom({ departments, level, courses: named }: CreditSource, courses: Courses): string[] {
  // A course that is named stays good after it left the catalogue.
  if (named && !departments && !level) return named;
  return [...courses.values()]
    .filter(
      (course) =>
        (departments?.includes(course.department) ?? true) &&
        (level === undefined || course.level === level) &&
        (named?.includes(course.code) ?? true),
    )
    .map(({ code }) => code);
}
