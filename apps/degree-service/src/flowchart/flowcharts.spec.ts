import { describe, expect, it } from '@jest/globals';
import { courseTags } from './flowcharts.js';

describe('the tags of a flowchart', () => {
  it('name each course once', () => {
    expect(courseTags(['CS102', 'CS101', 'CS102'])).toEqual(['course:CS101', 'course:CS102']);
  });

  it('stay short: very many courses share the tag that every change of a course evicts', () => {
    expect(courseTags(Array.from({ length: 301 }, (_, n) => `CS${n}`))).toEqual(['courses:every']);
  });
});
