import { describe, expect, it } from '@jest/globals';
import { edgeRoutes, type EdgeRoute } from '@flowchart/contracts';
import { isUnbounded } from './unbounded.js';

const route = (operation: string) =>
  edgeRoutes.find((candidate) => candidate.operation === operation) as EdgeRoute;

describe('an address', () => {
  it.each([
    ['listCourses', '/courses?limit=20'],
    ['listCourses', '/courses?level=GRADUATE&term=FALL&limit=20'],
    ['listDegrees', '/degrees?limit=20'],
    ['getCourseByCode', '/courses/code/CS101'],
  ])('of %s is one of few: %s', (operation, address) => {
    expect(isUnbounded(route(operation), address)).toBe(false);
  });

  it.each([
    ['listCourses', '/courses?q=graphs&limit=20'],
    ['listCourses', '/courses?department=Anything&limit=20'],
    ['listCourses', '/courses?limit=21'],
    ['listDegrees', '/degrees?limit=20&cursor=abc'],
  ])('of %s is one of endlessly many: %s', (operation, address) => {
    expect(isUnbounded(route(operation), address)).toBe(true);
  });
});
