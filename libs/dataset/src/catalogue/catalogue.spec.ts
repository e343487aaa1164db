// What anybody may rely on in the catalogue: its size, its order, and that courses and degrees fit together.
import { describe, expect, it } from '@jest/globals';
import type { RequirementRule } from '@flowchart/contracts';
import { catalogue, catalogueCourses } from './catalogue.js';

const byCode = new Map(catalogueCourses.map((course) => [course.code, course]));
const departmentNames = catalogue.departments.map((department) => department.name);

const hundredLevel = (code: string): number => Math.floor(Number(code.slice(-3)) / 100);

const creditsOf = (code: string): number => byCode.get(code)?.credits ?? 0;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Codes a rule names one by one; those it admits by department or level are not among them. */
function codesNamedBy(rule: RequirementRule): readonly string[] {
  return rule.kind === 'CREDITS_FROM' ? (rule.from.courses ?? []) : rule.courses;
}

/** The courses a `CREDITS_FROM` rule lets a student count. */
function coursesAdmittedBy(rule: Extract<RequirementRule, { kind: 'CREDITS_FROM' }>) {
  const { departments, level, courses } = rule.from;
  return catalogueCourses.filter(
    (course) =>
      (departments === undefined || departments.includes(course.department)) &&
      (level === undefined || course.level === level) &&
      (courses === undefined || courses.includes(course.code)),
  );
}

/** Credits a rule takes at most: the heaviest choice, so that no way of meeting it overruns the degree. */
function creditsDemandedBy(rule: RequirementRule): number {
  if (rule.kind === 'CREDITS_FROM') return rule.credits;
  const credits = rule.courses.map(creditsOf).sort((a, b) => b - a);
  return sum(rule.kind === 'ALL_OF' ? credits : credits.slice(0, rule.choose));
}

/** The given courses with everything that has to be taken before them. */
function withPrerequisites(codes: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...codes];
  for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
    if (found.has(code)) continue;
    found.add(code);
    waiting.push(...(byCode.get(code)?.prerequisites ?? []));
  }
  return found;
}

/** Courses in an order that respects prerequisites; shorter than the catalogue when there is a cycle. */
function topologicalOrder(): string[] {
  const missing = new Map(catalogueCourses.map((course) => [course.code, course.prerequisites.length]));
  const ordered = catalogueCourses
    .filter((course) => course.prerequisites.length === 0)
    .map(({ code }) => code);
  // The list grows while it is walked: each course released is looked at in its turn.
  for (const done of ordered) {
    for (const course of catalogueCourses) {
      if (!course.prerequisites.includes(done)) continue;
      const left = (missing.get(course.code) ?? 0) - 1;
      missing.set(course.code, left);
      if (left === 0) ordered.push(course.code);
    }
  }
  return ordered;
}

describe('the catalogue', () => {
  it('has at least 300 courses', () => {
    expect(catalogueCourses.length).toBeGreaterThanOrEqual(300);
  });

  it('has eight departments, Computer Science among them', () => {
    expect(new Set(departmentNames).size).toBe(8);
    expect(departmentNames).toContain('Computer Science');
  });

  it('has twelve degrees, the Master of Science in Computer Science among them', () => {
    expect(new Set(catalogue.degrees.map((degree) => degree.code)).size).toBe(12);
    expect(catalogue.degrees.find((degree) => degree.code === 'MSCS')).toMatchObject({
      name: 'Master of Science in Computer Science',
      level: 'GRADUATE',
      department: 'Computer Science',
      totalCredits: 36,
    });
  });
});

describe('the courses of the catalogue', () => {
  it('each have a code of their own', () => {
    expect(byCode.size).toBe(catalogueCourses.length);
  });

  it('are listed in the order of their codes', () => {
    const codes = catalogueCourses.map((course) => course.code);
    expect(codes).toEqual([...codes].sort());
  });

  it('share one prefix within a department, and with no other department', () => {
    const prefixes = catalogue.departments.map(
      (department) => new Set(department.courses.map((course) => course.code.slice(0, -3))),
    );
    expect(prefixes.map((prefix) => prefix.size)).toEqual(prefixes.map(() => 1));
    expect(new Set(prefixes.flatMap((prefix) => [...prefix])).size).toBe(catalogue.departments.length);
  });

  it('carry a number that matches their level', () => {
    const mismatched = catalogueCourses.filter(({ code, level }) =>
      level === 'GRADUATE' ? !/^[A-Z]+[5-7]\d\d$/.test(code) : !/^[A-Z]+[1-4]\d\d$/.test(code),
    );
    expect(mismatched).toEqual([]);
  });

  it('carry from one to five credits', () => {
    const odd = catalogueCourses.filter(
      ({ credits }) => !Number.isInteger(credits) || credits < 1 || credits > 5,
    );
    expect(odd).toEqual([]);
  });

  it('are offered in some term, and in none twice', () => {
    const odd = catalogueCourses.filter(
      ({ terms }) => terms.length === 0 || new Set(terms).size !== terms.length,
    );
    expect(odd).toEqual([]);
  });

  it('are each described in a sentence or two of their own', () => {
    const odd = catalogueCourses.filter(
      ({ description }) => description.length < 80 || description.length > 200,
    );
    expect(odd).toEqual([]);
    expect(new Set(catalogueCourses.map((course) => course.description)).size).toBe(catalogueCourses.length);
  });
});

describe('the prerequisites of the catalogue', () => {
  it('all exist', () => {
    const unknown = catalogueCourses.flatMap((course) =>
      course.prerequisites.filter((code) => !byCode.has(code)),
    );
    expect(unknown).toEqual([]);
  });

  it('are never of a higher hundred-level than the course that asks for them', () => {
    const tooHigh = catalogueCourses.flatMap((course) =>
      course.prerequisites
        .filter((code) => hundredLevel(code) > hundredLevel(course.code))
        .map((code) => `${course.code} asks for ${code}`),
    );
    expect(tooHigh).toEqual([]);
  });

  it('form no cycle', () => {
    expect(topologicalOrder()).toHaveLength(catalogueCourses.length);
  });

  it('never make a chain of more than eight courses', () => {
    const lengths = new Map<string, number>();
    for (const code of topologicalOrder()) {
      const before = (byCode.get(code)?.prerequisites ?? []).map(
        (prerequisite) => lengths.get(prerequisite) ?? 0,
      );
      lengths.set(code, 1 + Math.max(0, ...before));
    }
    expect(Math.max(...lengths.values())).toBeLessThanOrEqual(8);
  });

  it('are asked for by every graduate course', () => {
    const open = catalogueCourses.filter(
      ({ level, prerequisites }) => level === 'GRADUATE' && prerequisites.length === 0,
    );
    expect(open).toEqual([]);
  });
});

describe.each(catalogue.degrees.map((degree) => ({ ...degree })))('the degree $code', (degree) => {
  it('belongs to a department of the catalogue', () => {
    expect(departmentNames).toContain(degree.department);
    for (const rule of degree.requirements) {
      if (rule.kind !== 'CREDITS_FROM') continue;
      expect(departmentNames).toEqual(expect.arrayContaining([...(rule.from.departments ?? [])]));
    }
  });

  it('names only courses of the catalogue, and of its own level', () => {
    const odd = degree.requirements
      .flatMap(codesNamedBy)
      .filter((code) => byCode.get(code)?.level !== degree.level);
    expect(odd).toEqual([]);
  });

  it('has each of the five kinds of constraint once', () => {
    expect(degree.constraints.map((constraint) => constraint.kind).sort()).toEqual([
      'MAX_CREDITS_PER_TERM',
      'MAX_TRANSFER_CREDITS',
      'MAX_YEARS',
      'MINIMUM_GPA',
      'TOTAL_CREDITS',
    ]);
  });

  it('asks for the same total in its constraint as in its description', () => {
    expect(degree.constraints).toContainEqual({ kind: 'TOTAL_CREDITS', minimum: degree.totalCredits });
  });

  it('has requirements that add up to no more than its total', () => {
    expect(sum(degree.requirements.map(creditsDemandedBy))).toBeLessThanOrEqual(degree.totalCredits);
  });

  it('offers enough courses for every choice, each listed once', () => {
    for (const rule of degree.requirements) {
      const codes = codesNamedBy(rule);
      expect(new Set(codes).size).toBe(codes.length);
      if (rule.kind === 'CHOOSE_N') expect(codes.length).toBeGreaterThanOrEqual(rule.choose);
      if (rule.kind === 'CREDITS_FROM') {
        expect(rule.from).not.toEqual({});
        expect(sum(coursesAdmittedBy(rule).map((course) => course.credits))).toBeGreaterThanOrEqual(
          rule.credits,
        );
      }
    }
  });

  it('requires no course under two headings', () => {
    const required = degree.requirements.flatMap((rule) =>
      rule.kind === 'CREDITS_FROM' ? [] : rule.courses,
    );
    expect(new Set(required).size).toBe(required.length);
  });

  it('leaves room for the prerequisites of what everybody must take', () => {
    const required = degree.requirements.flatMap((rule) => (rule.kind === 'ALL_OF' ? rule.courses : []));
    const counted = [...withPrerequisites(required)].filter(
      (code) => byCode.get(code)?.level === degree.level,
    );
    expect(sum(counted.map(creditsOf))).toBeLessThanOrEqual(degree.totalCredits);
  });
});
