import { describe, expect, it } from '@jest/globals';
import { meetsIfMatch } from './answer.js';

describe('If-Match', () => {
  it.each([
    [undefined, true],
    ['*', true],
    ['"3"', true],
    ['"1", "3"', true],
    ['"2"', false],
    ['W/"3"', false],
    ['3', false],
    ['', false],
    ['"3', false],
  ])('%s meets the state "3": %s', (header, met) => {
    expect(meetsIfMatch(header, '"3"')).toBe(met);
  });
});
