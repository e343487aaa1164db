/** The catalogue as its services answer with it on a freshly seeded database. */
import type { Course, DegreeRules } from '@flowchart/contracts';
import { catalogue, catalogueCourses } from './catalogue/catalogue.js';
import { constraintId, courseId, degreeId, requirementId } from './ids.js';

export const seededCourses = (): Course[] =>
  catalogueCourses.map((course) => ({
    ...course,
    id: courseId(course.code),
    terms: [...course.terms],
    prerequisites: [...course.prerequisites],
    version: 1,
  }));

export const seededDegrees = (): DegreeRules[] =>
  catalogue.degrees.map(({ requirements, constraints, ...degree }) => ({
    ...degree,
    id: degreeId(degree.code),
    version: 1,
    requirements: requirements.map((rule, position) => ({
      ...rule,
      id: requirementId(degree.code, position),
    })),
    constraints: constraints.map((rule) => ({ ...rule, id: constraintId(degree.code, rule.kind) })),
  }));
