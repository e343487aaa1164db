import { type CourseQuery, tags } from '@flowchart/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageTags, tagsOfChange } from './course-tags.js';

const course = {
  code: 'CS501',
  title: 'Compilers',
  description: 'Grammars and machines.',
  department: 'Computer Science',
  level: 'GRADUATE' as const,
  terms: ['FALL' as const],
};

describe('tagsOfChange', () => {
  const touches = (filters: Partial<CourseQuery>, codes: string[], changed: Partial<typeof course>) => {
    const untrue = tagsOfChange(course, { ...course, ...changed });
    return pageTags(filters, codes).some((tag) => untrue.includes(tag));
  };

  it('leaves lists alone that do not show the course and cannot come to show it', () => {
    const changed = { title: 'Compiler Construction' };
    expect(touches({ department: 'Physics' }, ['PHYS101'], changed)).toBe(false);
    expect(touches({ department: 'Computer Science' }, ['CS101', 'CS102'], changed)).toBe(false);
    expect(touches({}, ['CS101'], changed)).toBe(false);
  });

  it('evicts the pages that show it, and every search by words when its words change', () => {
    expect(touches({}, ['CS501'], {})).toBe(true);
    expect(touches({ q: 'construction' }, [], { title: 'Compiler Construction' })).toBe(true);
    expect(touches({ q: 'construction' }, [], { terms: [] })).toBe(false);
  });

  it('evicts the lists that it leaves and those that it comes into', () => {
    const moved = { department: 'Mathematics', level: 'UNDERGRADUATE' as never };
    for (const filters of [
      { department: 'Computer Science' },
      { department: 'Mathematics' },
      { level: 'GRADUATE' as const },
      { level: 'UNDERGRADUATE' as const, term: 'FALL' as const },
    ]) {
      expect(touches(filters, [], moved)).toBe(true);
    }
    expect(touches({ term: 'FALL' }, [], moved)).toBe(false);
  });

  it('evicts lists without a filter when a course is new or gone', () => {
    expect(tagsOfChange(undefined, course)).toContain(tags.courses);
    expect(tagsOfChange(course, undefined)).toContain(tags.courses);
  });

  it('evicts pages of too many courses to name at every change', () => {
    const codes = Array.from({ length: 100 }, (_, index) => `CS${100 + index}`);
    expect(pageTags({}, codes).length).toBeLessThan(5);
    expect(touches({}, codes, { title: 'Other' })).toBe(true);
  });

  it('evicts every page that a change makes untrue, whatever the filters and the change', () => {
    type Course = typeof course;
    const courses = fc.record({
      code: fc.constantFrom('CS501', 'CS502'),
      title: fc.constantFrom('Compilers', 'Graphs'),
      description: fc.constantFrom('', 'Graphs'),
      department: fc.constantFrom('Computer Science', 'Physics'),
      level: fc.constantFrom('GRADUATE', 'UNDERGRADUATE'),
      terms: fc.uniqueArray(fc.constantFrom('FALL', 'SPRING'), { minLength: 1 }),
    }) as fc.Arbitrary<Course>;
    const filters = fc.record(
      {
        department: fc.constantFrom('Computer Science', 'Physics'),
        level: fc.constantFrom('GRADUATE', 'UNDERGRADUATE'),
        term: fc.constantFrom('FALL', 'SPRING'),
        q: fc.constantFrom('graphs', 'cs501'),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Partial<CourseQuery>>;
    const matches = ({ department, level, term, q }: Partial<CourseQuery>, one: Course) =>
      (!department || department === one.department) &&
      (!level || level === one.level) &&
      (!term || (one.terms as string[]).includes(term)) &&
      (!q || `${one.code} ${one.title} ${one.description}`.toLowerCase().includes(q));
    const page = (filter: Partial<CourseQuery>, all: Course[]) => all.filter((one) => matches(filter, one));

    fc.assert(
      fc.property(filters, fc.option(courses), fc.option(courses), (filter, before, after) => {
        const renamed = after && { ...after, code: before?.code ?? after.code };
        const was = page(filter, before ? [before] : []);
        const is = page(filter, renamed ? [renamed] : []);
        const untrue = tagsOfChange(before ?? undefined, renamed ?? undefined);
        const evicted = pageTags(
          filter,
          was.map(({ code }) => code),
        ).some((tag) => untrue.includes(tag));
        if (JSON.stringify(was) !== JSON.stringify(is)) expect(evicted).toBe(true);
      }),
    );
  });
});
