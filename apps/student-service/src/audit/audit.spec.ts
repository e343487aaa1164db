import { describe, expect, it } from '@jest/globals';
import type { Audit, DegreeRules, TranscriptEntry } from '@flowchart/contracts';
import { seededCourses, seededDegrees, StudentGenerator } from '@flowchart/dataset';
import fc from 'fast-check';
import { audit } from './audit.js';
import { demandOf } from './eligibility.js';

const courses = new Map(seededCourses().map((course) => [course.code, course]));
const degrees = new Map(seededDegrees().map((degree) => [degree.code, degree]));
const degree = (code: string): DegreeRules => degrees.get(code) as DegreeRules;

const passed = (codes: readonly string[], rest: Partial<TranscriptEntry> = {}): TranscriptEntry[] =>
  codes.map((code) => ({
    term: '2025-FALL',
    code,
    title: code,
    credits: courses.get(code)?.credits ?? 3,
    grade: 'A',
    transfer: false,
    ...rest,
  }));

const auditOf = (degreeCode: string, entries: TranscriptEntry[], admittedTerm = '2025-FALL'): Audit =>
  audit({ degree: degree(degreeCode), admittedTerm, entries, courses });

const requirement = ({ requirements }: Audit, title: string) =>
  requirements.find((each) => each.title === title);
const constraint = ({ constraints }: Audit, kind: string) => constraints.find((each) => each.kind === kind);

describe('the audit of a master of computer science', () => {
  it('of a new student lists everything as missing', () => {
    const fresh = auditOf('MSCS', []);
    expect(fresh.complete).toBe(false);
    expect(requirement(fresh, 'Graduate core')).toMatchObject({
      kind: 'ALL_OF',
      satisfied: false,
      progress: { done: 0, needed: 3, unit: 'COURSES' },
      completed: [],
      missing: { courses: ['CS501', 'CS510', 'CS530'], count: 3 },
    });
  });

  it('counts what is passed and names what is left', () => {
    const halfway = auditOf('MSCS', passed(['CS501', 'CS540', 'CS550']));
    expect(requirement(halfway, 'Graduate core')).toMatchObject({
      completed: ['CS501'],
      missing: { courses: ['CS510', 'CS530'], count: 2 },
    });
    expect(requirement(halfway, 'Breadth in systems')).toMatchObject({
      satisfied: true,
      completed: ['CS540', 'CS550'],
      missing: null,
    });
  });

  it('lets what a choice leaves over count as electives, and nothing twice', () => {
    const generous = auditOf('MSCS', passed(['CS515', 'CS540', 'CS550', 'CS575']));
    expect(requirement(generous, 'Breadth in systems')?.completed).toHaveLength(2);
    expect(requirement(generous, 'Graduate electives in computer science')).toMatchObject({
      progress: { done: 6, needed: 9, unit: 'CREDITS' },
      missing: { count: 3 },
    });
    const counted = generous.requirements.flatMap(({ completed }) => completed);
    expect(counted.sort()).toEqual(['CS515', 'CS540', 'CS550', 'CS575']);
  });

  it('spends on a choice the course that nothing else could use', () => {
    const choice = (id: string, title: string, codes: string[]) =>
      ({ id, kind: 'CHOOSE_N', title, choose: 1, courses: codes }) as const;
    const narrow = choice('1', 'narrow', ['CS101', 'CS102']);
    const wide = choice('2', 'wide', ['CS101', 'CS120', 'CS201']);
    const made = { ...degree('BSCS'), requirements: [narrow, wide] };
    const result = audit({
      degree: made,
      admittedTerm: '2025-FALL',
      entries: passed(['CS101', 'CS102']),
      courses,
    });
    expect(result.requirements.map(({ completed }) => completed)).toEqual([['CS102'], ['CS101']]);
  });

  it('ignores failures and withdrawals', () => {
    const unlucky = [...passed(['CS501'], { grade: 'F' }), ...passed(['CS510'], { grade: 'W' })];
    expect(requirement(auditOf('MSCS', unlucky), 'Graduate core')?.completed).toEqual([]);
  });

  it('counts graduate courses alone towards the total', () => {
    const mixed = auditOf('MSCS', passed(['CS101', 'CS501']));
    expect(constraint(mixed, 'TOTAL_CREDITS')?.progress).toEqual({ done: 3, needed: 36, unit: 'CREDITS' });
  });

  it('is complete with all requirements and constraints met', () => {
    const codes = 'CS501 CS510 CS530 CS505 CS515 CS540 CS545 CS550 CS558 CS575 STAT501 CS690'.split(' ');
    const entries = codes.flatMap((code, i) =>
      passed([code], { term: ['2025-FALL', '2026-SPRING', '2026-FALL'][Math.floor(i / 4)] ?? '' }),
    );
    expect(auditOf('MSCS', entries)).toMatchObject({ complete: true });
    expect(auditOf('MSCS', entries.slice(1))).toMatchObject({ complete: false });
  });
});

describe('constraints', () => {
  it('hold the grade point average against the minimum', () => {
    const poor = auditOf('MSCS', passed(['CS501'], { grade: 'B-' }));
    expect(constraint(poor, 'MINIMUM_GPA')).toMatchObject({
      satisfied: false,
      progress: { done: 2.7, needed: 3, unit: 'GPA' },
    });
    expect(constraint(auditOf('MSCS', []), 'MINIMUM_GPA')?.satisfied).toBe(false);
  });

  it('look at the heaviest term, withdrawals included and transfers not', () => {
    const four = ['CS501', 'CS510', 'CS530', 'CS540'];
    const heavy = [...passed(four), ...passed(['CS550'], { grade: 'W' })];
    expect(constraint(auditOf('MSCS', heavy), 'MAX_CREDITS_PER_TERM')).toMatchObject({
      satisfied: false,
      progress: { done: 15, needed: 12 },
    });
    const transferred = [...passed(four), ...passed(['CS550'], { transfer: true })];
    expect(constraint(auditOf('MSCS', transferred), 'MAX_CREDITS_PER_TERM')?.satisfied).toBe(true);
  });

  it('limit what was transferred', () => {
    const entries = passed(['CS501', 'CS510', 'CS530', 'CS540'], { transfer: true, grade: 'P' });
    expect(constraint(auditOf('MSCS', entries), 'MAX_TRANSFER_CREDITS')).toMatchObject({
      satisfied: false,
      progress: { done: 12, needed: 9 },
    });
  });

  it('count years from the admission to the last term on the transcript, begun ones whole', () => {
    const years = (term: string) =>
      constraint(auditOf('MSCS', passed(['CS501'], { term }), '2025-FALL'), 'MAX_YEARS')?.progress.done;
    expect([years('2025-FALL'), years('2026-SUMMER'), years('2026-FALL')]).toEqual([1, 1, 2]);
    expect(constraint(auditOf('MSCS', []), 'MAX_YEARS')).toMatchObject({
      satisfied: true,
      progress: { done: 0, needed: 5, unit: 'YEARS' },
    });
  });
});

describe('a course that left the catalogue', () => {
  it('still counts where a rule names it', () => {
    const gone = new Map([...courses].filter(([code]) => code !== 'CS501'));
    const input = {
      degree: degree('MSCS'),
      admittedTerm: '2025-FALL',
      entries: passed(['CS501']),
      courses: gone,
    };
    expect(requirement(audit(input), 'Graduate core')?.completed).toEqual(['CS501']);
    expect(constraint(audit(input), 'TOTAL_CREDITS')?.progress.done).toBe(3);
  });
});

describe('any audit', () => {
  const anyCase = fc.record({
    degreeCode: fc.constantFrom(...degrees.keys()),
    codes: fc.subarray([...courses.keys()], { maxLength: 60 }),
  });
  const demands = (degreeCode: string) =>
    new Map(degree(degreeCode).requirements.map((each) => [each.id, demandOf(each, courses)]));

  it('counts no course twice, and each only where it is eligible and passed', () => {
    fc.assert(
      fc.property(anyCase, ({ degreeCode, codes }) => {
        const { requirements } = auditOf(degreeCode, passed(codes));
        const counted = requirements.flatMap(({ completed }) => completed);
        expect(new Set(counted).size).toBe(counted.length);
        for (const { id, completed } of requirements) {
          for (const code of completed) {
            expect(demands(degreeCode).get(id)?.eligible.has(code)).toBe(true);
            expect(codes).toContain(code);
          }
        }
      }),
    );
  });

  it('leaves no passed course unused that an open requirement could take', () => {
    fc.assert(
      fc.property(anyCase, ({ degreeCode, codes }) => {
        const { requirements } = auditOf(degreeCode, passed(codes));
        const counted = new Set(requirements.flatMap(({ completed }) => completed));
        const unused = codes.filter((code) => !counted.has(code));
        for (const { id, satisfied } of requirements) {
          if (satisfied) continue;
          expect(unused.filter((code) => demands(degreeCode).get(id)?.eligible.has(code))).toEqual([]);
        }
      }),
    );
  });

  it('takes no more courses than needed where courses are counted', () => {
    fc.assert(
      fc.property(anyCase, ({ degreeCode, codes }) => {
        for (const { progress } of auditOf(degreeCode, passed(codes)).requirements) {
          if (progress.unit === 'COURSES') expect(progress.done).toBeLessThanOrEqual(progress.needed);
        }
      }),
    );
  });

  it('is the same in whichever order courses were passed, as far as rules by number go', () => {
    fc.assert(
      fc.property(anyCase, ({ degreeCode, codes }) => {
        const byNumber = (entries: TranscriptEntry[]) =>
          auditOf(degreeCode, entries)
            .requirements.filter(({ kind }) => kind !== 'CREDITS_FROM')
            .map(({ progress }) => progress);
        expect(byNumber(passed(codes.toReversed()))).toEqual(byNumber(passed(codes)));
      }),
    );
  });

  it('tells for each open requirement how much is left and what would count', () => {
    fc.assert(
      fc.property(anyCase, ({ degreeCode, codes }) => {
        for (const { satisfied, progress, missing } of auditOf(degreeCode, passed(codes)).requirements) {
          expect(missing === null).toBe(satisfied);
          if (!missing) continue;
          expect(missing.count).toBe(progress.needed - progress.done);
          expect(missing.courses.some((code) => codes.includes(code))).toBe(false);
        }
      }),
    );
  });
});

describe('the generated students', () => {
  it('are nearly all within the limits, and some have finished', () => {
    const generator = new StudentGenerator();
    const audits = Array.from({ length: 300 }, (_, i) => {
      const { degreeCode, admittedTerm } = generator.profile(i + 1);
      return auditOf(degreeCode, generator.transcript(i + 1), admittedTerm);
    });
    const limits = ['MAX_CREDITS_PER_TERM', 'MAX_TRANSFER_CREDITS', 'MAX_YEARS'];
    for (const each of audits) {
      for (const kind of limits) expect(constraint(each, kind)?.satisfied).toBe(true);
    }
    expect(audits.filter(({ complete }) => complete).length).toBeGreaterThan(5);
    expect(audits.filter(({ complete }) => !complete).length).toBeGreaterThan(150);
  });
});
