import { describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { AppError } from '@flowchart/platform';
import { addresserOf, type Asked } from './address.js';

const addresser = (operation: string) => {
  const route = edgeRoutes.find((one) => one.operation === operation);
  if (!route) throw new Error(`no route ${operation}`);
  return (asked: Partial<Asked>) => addresserOf(route)({ url: '/x', params: {}, query: {}, ...asked });
};
const courses = (query: object) => addresser('listCourses')({ query });
const refusal = (ask: () => string): [number, string] => {
  try {
    return [200, ask()];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [error.kind.status, error.detail];
  }
};

describe('the address of a request', () => {
  it('writes defaults out and puts parameters in the order of the route', () => {
    expect(courses({})).toBe('/courses?limit=20');
    expect(courses({ limit: '020', term: 'FALL', level: 'GRADUATE' })).toBe(
      '/courses?level=GRADUATE&term=FALL&limit=20',
    );
  });

  it('encodes text so that it is the same text for the service', () => {
    expect(courses({ q: 'a&b=c d+é', department: ' Computer Science ' })).toBe(
      '/courses?department=Computer%20Science&q=a%26b%3Dc%20d%2B%C3%A9&limit=20',
    );
  });

  it('fills in path parameters, identifiers in lower case', () => {
    const id = '0B5F0F64-6A43-4D6B-9D0C-0123456789AB';
    expect(addresser('getPrerequisites')({ params: { id } })).toBe(
      `/courses/${id.toLowerCase()}/prerequisites`,
    );
    expect(addresser('getCourseByCode')({ params: { code: 'CS101' } })).toBe('/courses/code/CS101');
  });

  it('names what a path takes when a parameter is unknown', () => {
    expect(refusal(() => courses({ limt: '5' }))).toEqual([
      400,
      'Unknown parameter limt: this path takes level, department, q, term, limit, cursor.',
    ]);
    expect(refusal(() => addresser('getProfile')({ query: { limit: '5' } }))).toEqual([
      400,
      'Unknown parameter limit: this path takes no parameters.',
    ]);
  });

  it.each([
    { limit: '0' },
    { limit: '1e9' },
    { limit: ['1', '1'] },
    { cursor: '*' },
    { level: 'x' },
    { q: 'a\0b' },
  ])('refuses %j with 400', (query) => {
    expect(refusal(() => courses(query))[0]).toBe(400);
  });

  it('refuses an identifier that is none with 400, and a code that cannot be with 404', () => {
    expect(refusal(() => addresser('getCourse')({ params: { id: '7' } }))[0]).toBe(400);
    expect(
      refusal(() => addresser('getCourseByCode')({ url: '/courses/code/7?', params: { code: '7' } })),
    ).toEqual([404, 'There is nothing at /courses/code/7.']);
  });

  it('refuses a URL over its length before anything else looks at it', () => {
    expect(refusal(() => addresser('listCourses')({ url: `/courses?x=${'a'.repeat(2040)}` }))[0]).toBe(414);
  });
});
