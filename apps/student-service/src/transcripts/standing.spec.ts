import { describe, expect, it } from '@jest/globals';
import { type Grade, gradePoints, gradeSchema, isPassing, type TranscriptEntry } from '@flowchart/contracts';
import fc from 'fast-check';
import { creditsOf, gradePointAverage, passedOf, standingOf } from './standing.js';

const entry = (code: string, grade: Grade, rest: Partial<TranscriptEntry> = {}): TranscriptEntry => ({
  term: '2025-FALL',
  code,
  title: code,
  credits: 3,
  grade,
  transfer: false,
  ...rest,
});

const gpaOf = (...entries: TranscriptEntry[]): number | null => gradePointAverage(standingOf(entries));
const earned = (...entries: TranscriptEntry[]): number => creditsOf(passedOf(standingOf(entries)).values());

describe('the grade point average', () => {
  it('weighs grades by credits', () => {
    expect(gpaOf(entry('CS101', 'A', { credits: 4 }), entry('CS102', 'C', { credits: 1 }))).toBe(3.6);
  });

  it('is unknown before the first graded course', () => {
    expect(gpaOf()).toBeNull();
    expect(
      gpaOf(entry('CS101', 'W'), entry('CS102', 'P'), entry('CS120', 'P', { transfer: true })),
    ).toBeNull();
  });

  it('counts a failure as nothing at full weight', () => {
    expect(gpaOf(entry('CS101', 'A'), entry('CS102', 'F'))).toBe(2);
  });

  it('leaves out withdrawals, passes without grade and transferred courses', () => {
    const graded = entry('CS101', 'B');
    expect(
      gpaOf(graded, entry('CS102', 'W'), entry('CS120', 'P'), entry('CS201', 'A', { transfer: true })),
    ).toBe(3);
  });

  it('takes the last attempt of a repeated course, for better or worse', () => {
    const first = (grade: Grade) => entry('CS101', grade, { term: '2025-SPRING' });
    const last = (grade: Grade) => entry('CS101', grade, { term: '2025-FALL' });
    expect(gpaOf(first('F'), last('A'))).toBe(4);
    expect(gpaOf(last('A'), first('F'))).toBe(4);
    expect(gpaOf(first('B'), last('D'))).toBe(1);
  });

  it('is not changed by withdrawing from a repetition', () => {
    expect(
      gpaOf(entry('CS101', 'C', { term: '2025-SPRING' }), entry('CS101', 'W', { term: '2025-FALL' })),
    ).toBe(2);
  });

  it('is rounded to two places, halves up', () => {
    expect(gpaOf(entry('CS101', 'A'), entry('CS102', 'A'), entry('CS120', 'B'))).toBe(3.67);
    // (3.7 * 3 + 4.0 * 1) / 4 = 3.775, which floating point sums fall short of.
    expect(gpaOf(entry('CS101', 'A-'), entry('CS102', 'A', { credits: 1 }))).toBe(3.78);
  });
});

describe('credits earned', () => {
  it('count once for a course passed twice', () => {
    expect(earned(entry('CS101', 'D', { term: '2025-SPRING' }), entry('CS101', 'B'))).toBe(3);
  });

  it('include transferred courses and passes without grade', () => {
    expect(earned(entry('CS101', 'P', { transfer: true }), entry('CS102', 'P'))).toBe(6);
  });

  it('are lost by failing a repetition', () => {
    expect(earned(entry('CS101', 'D', { term: '2025-SPRING' }), entry('CS101', 'F'))).toBe(0);
  });

  it('include nothing for a failure or a withdrawal', () => {
    expect(earned(entry('CS101', 'F'), entry('CS102', 'W'))).toBe(0);
  });
});

describe('any transcript', () => {
  const anyEntries = fc.uniqueArray(
    fc.record({
      term: fc.constantFrom('2024-FALL', '2025-SPRING', '2025-SUMMER', '2025-FALL', '2026-SPRING'),
      code: fc.constantFrom('CS101', 'CS102', 'CS120', 'CS201'),
      title: fc.constant('Title'),
      credits: fc.integer({ min: 1, max: 5 }),
      grade: fc.constantFrom(...gradeSchema.options),
      transfer: fc.boolean(),
    }),
    { selector: ({ term, code }) => `${term} ${code}` },
  );

  it('amounts to the same in whichever order it is written down', () => {
    const scrambled = anyEntries.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(scrambled, ([entries, other]) => {
        expect(gpaOf(...other)).toBe(gpaOf(...entries));
        expect(earned(...other)).toBe(earned(...entries));
      }),
    );
  });

  it('has an average between its worst and its best grade', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const gpa = gpaOf(...entries);
        const points = entries.map(({ grade }) => gradePoints[grade]).filter((each) => each !== null);
        if (gpa === null) return;
        expect(gpa).toBeGreaterThanOrEqual(Math.min(...points));
        expect(gpa).toBeLessThanOrEqual(Math.max(...points));
      }),
    );
  });

  it('earns each course’s credits at most once, and only with some passing attempt', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const passing = entries.filter(({ grade }) => isPassing(grade));
        const most = new Map<string, number>();
        for (const { code, credits } of passing) most.set(code, Math.max(credits, most.get(code) ?? 0));
        expect(earned(...entries)).toBeLessThanOrEqual(
          [...most.values()].reduce((sum, each) => sum + each, 0),
        );
      }),
    );
  });

  it('is not changed by further withdrawals', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const withdrawn = ['CS101', 'CS201'].map((code) => entry(code, 'W', { term: '2026-SUMMER' }));
        expect(gpaOf(...entries, ...withdrawn)).toBe(gpaOf(...entries));
        expect(earned(...entries, ...withdrawn)).toBe(earned(...entries));
      }),
    );
  });
});
