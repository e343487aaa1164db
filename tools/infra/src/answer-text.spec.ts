import { describe, expect, it } from '@jest/globals';
import { replyText, tableText } from './answer-text.js';

describe('the rows of a statement', () => {
  it('stand in a table, with numbers to the right', () => {
    const rows = [
      ['idle', '12'],
      ['active', '3'],
      [null, null],
    ];
    expect(tableText(['state', 'count'], rows)).toBe(
      ['state  | count', '-------+------', 'idle   |    12', 'active |     3', '       |', '(3 rows)'].join(
        '\n',
      ),
    );
  });

  it('keep a statement of several lines in one', () => {
    expect(tableText(['query'], [['SELECT\n  1']])).toBe('query\n--------\nSELECT 1\n(1 row)');
  });

  it('may be none', () => {
    expect(tableText(['pid'], [])).toBe('pid\n---\n(0 rows)');
  });
});

describe('an answer of Redis', () => {
  it('is shown line by line', () => {
    expect(replyText('# Stats\r\nevicted_keys:0\r\n')).toBe('# Stats\nevicted_keys:0');
    expect(replyText(7)).toBe('7');
  });

  it('is indented where it is a list in a list', () => {
    expect(replyText(['maxmemory', '0', ['a', ['b']], null])).toBe('maxmemory\n0\n  a\n    b\n(nil)');
  });

  it('may be empty', () => {
    expect(replyText([])).toBe('(empty)');
  });
});
