import { describe, expect, it } from '@jest/globals';
import { courseCodeSchema } from '@flowchart/contracts';
import fc from 'fast-check';
import { codeBehind, cursorAfter } from './cursor.js';

const codes = fc.stringMatching(/^[A-Z]{2,4}[1-7]\d{2}$/);
const decode = (cursor: string) => codeBehind(cursor, 'courses', courseCodeSchema);
const refusal = expect.objectContaining({ kind: expect.objectContaining({ status: 400 }) });

describe('a cursor', () => {
  it('leads back to the code it was made from, and fits into a URL as it is', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const cursor = cursorAfter('courses', code);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(decode(cursor)).toBe(code);
      }),
    );
  });

  it('is refused when one character is not as it was given out', () => {
    fc.assert(
      fc.property(codes, fc.nat(), fc.stringMatching(/^[A-Za-z0-9_-]$/), (code, at, character) => {
        const cursor = cursorAfter('courses', code);
        const position = at % cursor.length;
        const forged = cursor.slice(0, position) + character + cursor.slice(position + 1);
        // The code itself may be swapped for another: that is a position in the list like any other.
        const decoded = Buffer.from(forged, 'base64url').toString('utf8');
        if (/^courses:[A-Z]{2,4}[1-7]\d{2}$/.test(decoded)) return;
        expect(() => decode(forged)).toThrow(refusal);
      }),
    );
  });

  it.each([
    ['of another list', cursorAfter('degrees', 'CS101')],
    ['with a code that is none', cursorAfter('courses', 'nonsense')],
    ['with more behind it', cursorAfter('courses', 'CS101:CS102')],
    ['that decodes to the same with bits to spare', `${cursorAfter('courses', 'CS101').slice(0, -1)}R`],
    ['that is only text', 'CS101'],
    ['with NUL in it', Buffer.from('courses:\0').toString('base64url')],
  ])('%s is refused', (_, cursor) => {
    expect(() => decode(cursor)).toThrow(refusal);
  });
});
