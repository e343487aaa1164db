import { describe, expect, it } from '@jest/globals';
import type { CourseQuery } from '@flowchart/contracts';
import fc from 'fast-check';
import { containing, searchStatement } from './course-search.sql.js';

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const queries: fc.Arbitrary<CourseQuery> = fc.record({
  limit: fc.integer({ min: 1, max: 100 }),
  level: optional(fc.constantFrom('GRADUATE' as const, 'UNDERGRADUATE' as const)),
  department: optional(fc.string({ minLength: 1 })),
  term: optional(fc.constantFrom('FALL' as const, 'SPRING' as const)),
  q: optional(fc.string({ minLength: 1, maxLength: 100 }).filter((q) => q.trim().length > 0)),
  cursor: optional(fc.constant('x')),
});
const statementOf = (query: CourseQuery) =>
  searchStatement(query, { after: query.cursor && 'CS101', totalKnownFor: '0' });

describe('the search statement', () => {
  it('has one name for one text, as prepared statements must, and few of them', () => {
    const texts = new Map<string, string>();
    fc.assert(
      fc.property(queries, (query) => {
        const { name = '', text } = statementOf(query);
        expect(texts.get(name) ?? text).toBe(text);
        texts.set(name, text);
        expect(Buffer.byteLength(name)).toBeLessThan(64);
      }),
      { numRuns: 2000 },
    );
    expect(texts.size).toBeLessThanOrEqual(3 * 32);
  });

  it('never holds what the user wrote', () => {
    const { text } = statementOf({ limit: 20, department: 'Xyzzy', q: "plugh' OR true --" });
    expect(text).not.toMatch(/Xyzzy|plugh|OR true/);
  });

  it('reads at least one course more than the page has', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const [, rows] = /LIMIT (\d+)/.exec(statementOf(query).text) ?? [];
        expect(Number(rows)).toBeGreaterThan(query.limit);
      }),
    );
  });

  it('uses every parameter and no other', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const { text, values = [] } = statementOf(query);
        const used = new Set([...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
        expect([...used].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
      }),
    );
  });
});

describe('containing', () => {
  it.each([
    ['algor', '%algor%'],
    ['100%', '%100\\%%'],
    ['snake_case', '%snake\\_case%'],
    ['back\\slash', '%back\\\\slash%'],
  ])('makes %s the pattern %s', (word, pattern) => {
    expect(containing(word)).toBe(pattern);
  });
});
