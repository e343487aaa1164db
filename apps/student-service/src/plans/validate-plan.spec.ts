import { describe, expect, it } from '@jest/globals';
import { type Course, termAt, type PlanInput, type PlanViolation, termIndex } from '@flowchart/contracts';
import { seededCourses } from '@flowchart/dataset';
import { closure } from '@flowchart/kernel';
import fc from 'fast-check';
import { creditsPlanned, findViolations, inOrder, type PlanRules } from './validate-plan.js';

const courses = new Map(seededCourses().map((course) => [course.code, course]));

const rules = (given: Partial<PlanRules> = {}): PlanRules => ({
  level: 'UNDERGRADUATE',
  passed: new Set(),
  firstOpenIndex: termIndex('2026-FALL'),
  creditsPerTerm: 18,
  courses,
  ...given,
});

const plan = (terms: Record<string, string[]>): PlanInput => ({
  terms: Object.entries(terms).map(([term, codes]) => ({ term, courses: codes })),
});

const found = (input: PlanInput, given: Partial<PlanRules> = {}): string[] =>
  findViolations(input, rules(given)).map(({ rule, term, course }) => [rule, term, course].join(' ').trim());

describe('a plan', () => {
  it('within the rules has no violations', () => {
    const terms = {
      '2026-FALL': ['CS101', 'MATH141'],
      '2027-SPRING': ['CS102', 'CS120'],
      '2027-FALL': ['CS201'],
    };
    expect(found(plan(terms))).toEqual([]);
    expect(found(plan({}))).toEqual([]);
    expect(found(plan({ '2026-FALL': [] }))).toEqual([]);
  });

  it('is judged in the order of time, whatever the order of its terms', () => {
    expect(found(plan({ '2027-SPRING': ['CS102'], '2026-FALL': ['CS101'] }))).toEqual([]);
  });

  it('needs prerequisites in an earlier term, the same term being too late', () => {
    expect(found(plan({ '2026-FALL': ['CS101', 'CS102'] }))).toEqual(['PREREQUISITE 2026-FALL CS102']);
    expect(found(plan({ '2026-FALL': ['CS102'], '2027-SPRING': ['CS101'] }))).toEqual([
      'PREREQUISITE 2026-FALL CS102',
    ]);
  });

  it('takes prerequisites that are passed already', () => {
    expect(found(plan({ '2026-FALL': ['CS102'] }), { passed: new Set(['CS101']) })).toEqual([]);
  });

  it('names all prerequisites that are missing', () => {
    const [violation] = findViolations(plan({ '2026-FALL': ['CS201'] }), rules());
    expect(violation?.message).toContain('CS102, CS120');
  });

  it('presumes what a bachelor knows for graduate students, and for them alone', () => {
    const seminar = courses.get('CS501');
    expect(seminar?.prerequisites.map((code) => courses.get(code)?.level)).toContain('UNDERGRADUATE');
    const term = seminar?.terms.includes('FALL') ? '2026-FALL' : '2027-SPRING';
    expect(found(plan({ [term]: ['CS501'] }), { level: 'GRADUATE' })).toEqual([]);
    expect(found(plan({ [term]: ['CS501'] }))).toEqual([`PREREQUISITE ${term} CS501`]);
  });

  it('asks graduate students for graduate prerequisites', () => {
    const thesis = courses.get('CS699');
    expect(thesis?.prerequisites).toContain('CS698');
    expect(found(plan({ '2026-FALL': ['CS699'] }), { level: 'GRADUATE' })).toContain(
      'PREREQUISITE 2026-FALL CS699',
    );
  });

  it('takes courses only in the seasons in which they are offered', () => {
    expect(courses.get('CS315')).toMatchObject({ terms: ['FALL'], prerequisites: ['CS210'] });
    const prepared = { passed: new Set(['CS210']) };
    expect(found(plan({ '2026-FALL': ['CS315'] }), prepared)).toEqual([]);
    expect(found(plan({ '2027-SPRING': ['CS315'] }), prepared)).toEqual([
      'TERM_NOT_OFFERED 2027-SPRING CS315',
    ]);
  });

  it('may not change the past', () => {
    expect(found(plan({ '2026-SUMMER': ['CS101'] }))).toEqual(['TERM_NOT_OFFERED 2026-SUMMER']);
  });

  it('stays within the credits that a term allows', () => {
    expect(found(plan({ '2026-FALL': ['CS101', 'MATH141'] }), { creditsPerTerm: 8 })).toEqual([]);
    expect(found(plan({ '2026-FALL': ['CS101', 'MATH141'] }), { creditsPerTerm: 7 })).toEqual([
      'CREDIT_LIMIT 2026-FALL',
    ]);
  });

  it('has each course once, in one term or two, and none that is passed', () => {
    expect(found(plan({ '2026-FALL': ['CS101', 'CS101'] }))).toEqual(['DUPLICATE 2026-FALL CS101']);
    expect(found(plan({ '2026-FALL': ['CS101'], '2027-SPRING': ['CS101'] }))).toEqual([
      'DUPLICATE 2027-SPRING CS101',
    ]);
    expect(found(plan({ '2026-FALL': ['CS101'] }), { passed: new Set(['CS101']) })).toEqual([
      'DUPLICATE 2026-FALL CS101',
    ]);
  });

  it('lists each term once', () => {
    const terms = [
      { term: '2026-FALL', courses: ['CS101'] },
      { term: '2026-FALL', courses: ['MATH141'] },
    ];
    expect(found({ terms })).toEqual(['DUPLICATE 2026-FALL']);
  });

  it('says of a course that does not exist only that', () => {
    expect(found(plan({ '2026-FALL': ['CS999'] }))).toEqual(['UNKNOWN_COURSE 2026-FALL CS999']);
  });

  it('is told every violation at once', () => {
    const violations = found(plan({ '2026-FALL': ['CS999', 'CS102', 'CS102'], '2026-SPRING': [] }), {
      creditsPerTerm: 4,
    });
    expect(violations).toEqual([
      'TERM_NOT_OFFERED 2026-SPRING',
      'CREDIT_LIMIT 2026-FALL',
      'UNKNOWN_COURSE 2026-FALL CS999',
      'PREREQUISITE 2026-FALL CS102',
      'DUPLICATE 2026-FALL CS102',
      'PREREQUISITE 2026-FALL CS102',
    ]);
  });
});

describe('any plan', () => {
  const graph = new Map([...courses.values()].map(({ code, prerequisites }) => [code, prerequisites]));

  /** What fits of the open courses into a term, in their order. */
  function fill(
    term: string,
    open: Iterable<string>,
    { done, creditsPerTerm }: { done: Set<string>; creditsPerTerm: number },
  ) {
    const taken: string[] = [];
    let left = creditsPerTerm;
    for (const code of open) {
      const course = courses.get(code) as Course;
      const offered = (course.terms as string[]).includes(term.slice(5));
      if (!offered || course.credits > left || !course.prerequisites.every((need) => done.has(need)))
        continue;
      taken.push(code);
      left -= course.credits;
    }
    return taken;
  }

  /** Takes everything that the targets need as early as terms, seasons and credits let it. */
  function schedule(targets: readonly string[], creditsPerTerm: number): PlanInput {
    const open = closure(targets, graph);
    const done = new Set<string>();
    const terms: PlanInput['terms'] = [];
    for (let index = termIndex('2026-FALL'); open.size > 0; index++) {
      const taken = fill(termAt(index), open, { done, creditsPerTerm });
      for (const code of taken) {
        open.delete(code);
        done.add(code);
      }
      terms.push({ term: termAt(index), courses: taken });
    }
    return { terms };
  }

  const anySchedule = fc.record({
    targets: fc.subarray([...courses.keys()], { minLength: 1, maxLength: 8 }),
    creditsPerTerm: fc.integer({ min: 6, max: 20 }),
  });

  it('made by the rules is accepted', () => {
    fc.assert(
      fc.property(anySchedule, ({ targets, creditsPerTerm }) => {
        expect(found(schedule(targets, creditsPerTerm), { creditsPerTerm })).toEqual([]);
      }),
    );
  });

  it('loses its validity when a course others need is left out', () => {
    fc.assert(
      fc.property(anySchedule, ({ targets, creditsPerTerm }) => {
        const { terms } = schedule(targets, creditsPerTerm);
        const planned = terms.flatMap(({ courses: codes }) => codes);
        const needed = planned.find((code) => planned.some((other) => graph.get(other)?.includes(code)));
        if (needed === undefined) return;
        const without = terms.map((each) => ({
          ...each,
          courses: each.courses.filter((code) => code !== needed),
        }));
        const dependants = planned.filter((code) => graph.get(code)?.includes(needed));
        const broken = findViolations({ terms: without }, rules({ creditsPerTerm }));
        expect(broken.map(({ rule, course }) => `${rule} ${course}`).sort()).toEqual(
          dependants.map((code) => `PREREQUISITE ${code}`).sort(),
        );
      }),
    );
  });

  it('gets violations that name a term and course of its own', () => {
    const anyPlan = fc.array(
      fc.record({
        term: fc.integer({ min: -3, max: 6 }).map((offset) => termAt(termIndex('2026-FALL') + offset)),
        courses: fc.array(fc.constantFrom(...courses.keys(), 'XX999'), { maxLength: 6 }),
      }),
      { maxLength: 6 },
    );
    const isOwn = (terms: PlanInput['terms']) => (violation: PlanViolation) =>
      terms.some(
        ({ term, courses: codes }) =>
          term === violation.term && (violation.course === undefined || codes.includes(violation.course)),
      );
    fc.assert(
      fc.property(anyPlan, (terms) => {
        expect(findViolations({ terms }, rules()).every(isOwn(terms))).toBe(true);
      }),
    );
  });
});

describe('a term of a plan', () => {
  it('has the credits of its courses, none for unknown ones', () => {
    expect(creditsPlanned({ term: '2026-FALL', courses: ['CS101', 'XX999'] }, courses)).toBe(4);
  });

  it('stands in its place on the time line, which is not that of the alphabet', () => {
    const terms = ['2027-FALL', '2026-FALL', '2027-SUMMER', '2027-SPRING'].map((term) => ({
      term,
      courses: [],
    }));
    expect(inOrder(terms).map(({ term }) => term)).toEqual([
      '2026-FALL',
      '2027-SPRING',
      '2027-SUMMER',
      '2027-FALL',
    ]);
  });
});
