import { describe, expect, it } from '@jest/globals';
import { textSchema } from './text.js';

describe('textSchema', () => {
  it.each(['Zoë', '微积分', 'set \u{1f393} theory', 'two\nlines'])('takes %s as it is', (text) => {
    expect(textSchema(1, 20).parse(text)).toBe(text);
  });

  it('does not count blanks around', () => {
    expect(textSchema(1, 3).parse('  abc ')).toBe('abc');
    expect(textSchema(1, 3).safeParse('   ').success).toBe(false);
  });

  it.each([
    ['NUL', 'a\0b'],
    ['the first half of a pair', 'a\ud83c'],
    ['the second half of a pair', '\udf93a'],
    ['too much', 'x'.repeat(21)],
    ['no text', 7],
  ])('refuses %s', (_, value) => {
    expect(textSchema(1, 20).safeParse(value).success).toBe(false);
  });
});
