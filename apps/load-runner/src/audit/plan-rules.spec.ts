import type { Course } from '@flowchart/contracts';
import { describe, expect, it } from '@jest/globals';
import { breaches, type PlanCircumstances } from './plan-rules.js';

const course = (code: string, changes: Partial<Course> = {}): [string, Course] => [
  code,
  {
    ...{ id: code, code, title: code, department: 'CS', level: 'GRADUATE' as const, credits: 3 },
    ...{ description: '', terms: ['FALL' as const], prerequisites: [], version: 1 },
    ...changes,
  },
];
const circumstances: PlanCircumstances = {
  profile: { level: 'GRADUATE', admittedTerm: '2025-FALL' },
  transcript: {
    entries: (
      [
        ['CS501', '2025-FALL', 'A'],
        ['CS502', '2025-FALL', 'F'],
        ['CS503', '2025-FALL', 'B'],
        ['CS503', '2026-SPRING', 'F'],
        ['CS504', '2025-FALL', 'B'],
        ['CS504', '2026-SPRING', 'W'],
      ] as const
    ).map(([code, term, grade]) => ({ code, term, grade, title: code, credits: 3, transfer: false })),
  },
  constraints: [{ id: '1', kind: 'MAX_CREDITS_PER_TERM', credits: 9 }],
  courses: new Map([
    course('CS101', { level: 'UNDERGRADUATE' }),
    ...['CS501', 'CS502', 'CS503', 'CS504', 'CS505', 'CS506', 'CS507'].map((code) => course(code)),
    course('CS600', { prerequisites: ['CS505'] }),
    course('CS601', { prerequisites: ['CS501', 'CS504', 'CS101'] }),
    course('CS602', { prerequisites: ['CS502'] }),
    course('CS603', { prerequisites: ['CS503'] }),
  ]),
};
const of = (...terms: [term: string, ...courses: string[]][]) =>
  breaches({ terms: terms.map(([term, ...courses]) => ({ term, courses, credits: 0 })) }, circumstances);

describe('the rules of a plan, as the audit holds plans to them', () => {
  it('let a right plan stand, in whatever order its terms are', () => {
    expect(of(['2027-FALL', 'CS600'], ['2026-FALL', 'CS505', 'CS506'])).toEqual([]);
    expect(of(['2026-FALL', 'CS601'])).toEqual([]);
    expect(of()).toEqual([]);
  });

  it.each([
    [
      'a prerequisite in the same term',
      of(['2026-FALL', 'CS505', 'CS600']),
      'CS600 in 2026-FALL needs CS505 before it',
    ],
    [
      'a prerequisite in a later term',
      of(['2026-FALL', 'CS600'], ['2027-FALL', 'CS505']),
      'CS600 in 2026-FALL needs CS505 before it',
    ],
    [
      'a prerequisite that was failed',
      of(['2026-FALL', 'CS602']),
      'CS602 in 2026-FALL needs CS502 before it',
    ],
    [
      'a prerequisite failed at the last attempt',
      of(['2026-FALL', 'CS603']),
      'CS603 in 2026-FALL needs CS503 before it',
    ],
    ['a course out of season', of(['2027-SPRING', 'CS505']), 'CS505 is not offered in 2027-SPRING'],
    ['a term that is over', of(['2025-FALL', 'CS505']), '2025-FALL is over for the student'],
    [
      'too many credits',
      of(['2026-FALL', 'CS505', 'CS506', 'CS507', 'CS502']),
      '2026-FALL has 12 credits, 9 are allowed',
    ],
    ['a course planned twice', of(['2026-FALL', 'CS505'], ['2027-FALL', 'CS505']), 'CS505 is planned twice'],
    ['a course that is passed', of(['2026-FALL', 'CS501']), 'CS501 is passed already'],
    [
      'a term that is there twice',
      of(['2026-FALL', 'CS505'], ['2026-FALL', 'CS506']),
      '2026-FALL is there twice',
    ],
    ['an unknown course', of(['2026-FALL', 'XX999']), 'the catalogue has no XX999'],
  ])('are broken by %s, and by nothing else', (_what, found, breach) => {
    expect(found).toEqual([breach]);
  });
});
