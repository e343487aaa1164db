/** What a course may require: courses that exist, and never itself, directly or not. */
import type { CourseInput } from '@flowchart/contracts';
import { findCycle } from '@flowchart/kernel';
import { AppError } from '@flowchart/platform';
import { type EntityManager, In } from 'typeorm';
import { CoursePrerequisite } from './course-prerequisite.entity.js';
import { Course } from './course.entity.js';
import { courseErrors } from './course.errors.js';

/** Throws 422 that names what is wrong. The caller keeps other writers out. */
export async function checkPrerequisites(manager: EntityManager, input: CourseInput): Promise<void> {
  const { code, prerequisites } = input;
  if (prerequisites.includes(code)) {
    throw new AppError(courseErrors.PREREQUISITE_CYCLE, `${code} cannot require itself.`);
  }
  await checkExistence(manager, prerequisites);
  const cycle = findCycle(await graphWith(manager, input));
  if (cycle) {
    throw new AppError(
      courseErrors.PREREQUISITE_CYCLE,
      `With these prerequisites nobody could ever take ${code}: ${cycle.join(' requires ')}.`,
    );
  }
}

async function checkExistence(manager: EntityManager, codes: readonly string[]): Promise<void> {
  const found = await manager.find(Course, { select: { code: true }, where: { code: In([...codes]) } });
  const known = new Set(found.map(({ code }) => code));
  const unknown = codes.filter((code) => !known.has(code));
  if (unknown.length === 0) return;
  throw new AppError(
    courseErrors.UNKNOWN_PREREQUISITE,
    `There is no course ${unknown.join(' or ')}. Add it first, or leave it out of the prerequisites.`,
  );
}

async function graphWith(manager: EntityManager, { code, prerequisites }: CourseInput) {
  const graph = new Map<string, string[]>();
  for (const { course, requires } of await manager.find(CoursePrerequisite)) {
    graph.set(course, [...(graph.get(course) ?? []), requires]);
  }
  return graph.set(code, prerequisites);
}
