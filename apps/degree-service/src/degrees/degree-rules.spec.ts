import { describe, expect, it } from '@jest/globals';
import type { Course, RequirementRule } from '@flowchart/contracts';
import { catalogue, catalogueCourses } from '@flowchart/dataset';
import { constraintViolations, requirementViolations } from './degree-rules.js';

const courses = new Map(
  catalogueCourses.map((course) => [course.code, { ...course, id: '', version: 1 } as unknown as Course]),
);
const messages = (rule: RequirementRule) =>
  requirementViolations([rule], courses).map(({ message }) => message);

describe('the rules of a degree', () => {
  it('are sound in the whole curated catalogue', () => {
    for (const { requirements, constraints } of catalogue.degrees) {
      expect(requirementViolations(requirements, courses)).toEqual([]);
      expect(constraintViolations(constraints)).toEqual([]);
    }
  });

  it.each<[string, RequirementRule, string]>([
    [
      'a course that does not exist',
      { kind: 'ALL_OF', title: 'Core', courses: ['CS101', 'CS199'] },
      '"Core" names CS199, which does not exist',
    ],
    [
      'a course twice',
      { kind: 'ALL_OF', title: 'Core', courses: ['CS101', 'CS101', 'CS101'] },
      '"Core" names CS101 more than once',
    ],
    [
      'more choices than there are',
      { kind: 'CHOOSE_N', title: 'Breadth', choose: 3, courses: ['CS101', 'CS102'] },
      '"Breadth" asks for 3 courses and lists 2',
    ],
    [
      'more credits than a list has',
      { kind: 'CREDITS_FROM', title: 'Electives', credits: 9, from: { courses: ['CS101', 'CS102'] } },
      '"Electives" asks for 9 credits, but all courses that count have 8 together',
    ],
    [
      'credits of a department that there is not',
      { kind: 'CREDITS_FROM', title: 'Electives', credits: 1, from: { departments: ['Alchemy'] } },
      '"Electives" asks for 1 credits, but all courses that count have 0 together',
    ],
    [
      'credits of courses that their level rules out',
      {
        kind: 'CREDITS_FROM',
        title: 'Electives',
        credits: 3,
        from: { level: 'GRADUATE', courses: ['CS101'] },
      },
      '"Electives" asks for 3 credits, but all courses that count have 0 together',
    ],
    [
      'credits of a course that does not exist',
      { kind: 'CREDITS_FROM', title: 'Electives', credits: 3, from: { courses: ['CS199'] } },
      '"Electives" names CS199, which does not exist',
    ],
  ])('must not ask for %s', (_, rule, message) => {
    expect(messages(rule)).toEqual([message]);
  });

  it.each<RequirementRule>([
    { kind: 'CHOOSE_N', title: 'Both', choose: 2, courses: ['CS101', 'CS102'] },
    { kind: 'CREDITS_FROM', title: 'All', credits: 8, from: { courses: ['CS101', 'CS102'] } },
    { kind: 'CREDITS_FROM', title: 'Any', credits: 200, from: { level: 'UNDERGRADUATE' } },
  ])('may ask for all there is: $title', (rule) => {
    expect(messages(rule)).toEqual([]);
  });

  it('say where the trouble is', () => {
    const sound: RequirementRule = { kind: 'ALL_OF', title: 'Core', courses: ['CS101'] };
    const unsound: RequirementRule = { ...sound, courses: ['CS199'] };
    expect(requirementViolations([sound, unsound], courses)).toMatchObject([{ path: 'requirements.1' }]);
  });

  it('must not limit one thing twice', () => {
    expect(
      constraintViolations([
        { kind: 'MAX_YEARS', years: 5 },
        { kind: 'MINIMUM_GPA', gpa: 3 },
        { kind: 'MAX_YEARS', years: 6 },
      ]),
    ).toEqual([{ path: 'constraints', message: 'MAX_YEARS is given more than once' }]);
  });
});
