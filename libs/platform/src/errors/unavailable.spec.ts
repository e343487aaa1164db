import { describe, expect, it } from '@jest/globals';
import { AppError, platformErrors } from './app-error.js';
import { orUnavailable } from './unavailable.js';

describe('an error', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED'],
    [{ code: '08006' }, 'connection failure'],
    [{ code: '57014' }, 'canceling statement due to statement timeout'],
    [{}, 'Query read timeout'],
    [{}, 'timeout exceeded when trying to connect'],
  ])('of something that is away (%p, %s) tells callers to come back', (fields, message) => {
    expect(orUnavailable(Object.assign(new Error(message), fields))).toMatchObject({
      kind: { status: 503 },
      headers: { 'retry-after': '1' },
    });
  });

  it.each([
    new Error('Cannot read properties of undefined'),
    Object.assign(new Error('duplicate key'), { code: '23505' }),
    new AppError(platformErrors.NOT_FOUND, 'No such thing.'),
    'a text',
  ])('of any other kind stays what it is: %s', (error) => {
    expect(orUnavailable(error)).toBe(error);
  });
});
