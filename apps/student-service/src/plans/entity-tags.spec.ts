import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allows, etagOf, names, parseIfMatch } from './entity-tags.js';

describe('If-Match', () => {
  it.each<[header: string, meaning: string, expected: readonly number[] | 'any']>([
    ['"3"', 'one version', [3]],
    ['"0"', 'a plan never saved', [0]],
    ['*', 'any version', 'any'],
    [' * ', 'any version, with blanks', 'any'],
    ['"1", "2","3"', 'a list', [1, 2, 3]],
    [', "1", , "2" ,', 'a list with empty members', [1, 2]],
    ['W/"3"', 'a weak tag, which never matches here', []],
    ['W/"3", "4"', 'a weak and a strong tag', [4]],
    ['"abc"', 'a tag of somebody else', []],
    ['"1,2"', 'a tag with a comma inside', []],
    ['"03", "-1", "3.0", "99999999999999999999"', 'what looks like a version and is none', []],
    ['""', 'the empty tag', []],
  ])('%s means %s', (header, _, expected) => {
    expect(parseIfMatch(header)).toEqual(expected);
  });

  it('is required', () => {
    expect(() => parseIfMatch(undefined)).toThrow(
      expect.objectContaining({ kind: expect.objectContaining({ status: 428 }) }),
    );
  });

  it.each(['', ' ', ',', '3', '"3', '3"', 'w/"3"', '"1" "2"', '*, "1"', '"a"b', 'W/3', '"\u0001"'])(
    '%j is refused as malformed',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(
        expect.objectContaining({ kind: expect.objectContaining({ status: 400 }) }),
      );
    },
  );

  it('lets a version through that its own tag names, and no other', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.nat(999_999_999), (given, current) => {
        expect(allows(parseIfMatch(etagOf(given)), current)).toBe(given === current);
      }),
    );
  });

  it('answers any text at once with versions or an error of the client’s', () => {
    const piece = fc.constantFrom('"', ',', ' ', 'W/', '*', '3', 'x', '\t');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5000 }), (pieces) => {
        try {
          parseIfMatch(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ kind: { status: 400 } });
        }
      }),
    );
  });
});

describe('If-None-Match', () => {
  it.each(['"3"', 'W/"3"', '"1", W/"3"', '*'])('%s names version 3', (header) => {
    expect(names(header, 3)).toBe(true);
  });

  it.each([undefined, '"4"', '3', 'nonsense', ''])('%s does not name version 3', (header) => {
    expect(names(header, 3)).toBe(false);
  });
});
