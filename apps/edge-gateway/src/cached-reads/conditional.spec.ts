import { describe, expect, it } from '@jest/globals';
import { namesEtag } from './conditional.js';

describe('If-None-Match', () => {
  it.each(['"a"', 'W/"a"', '*', ' * ', '"x", "a"', '"x",W/"a" , "y"', '"x,y", "a"'])(
    '%s names "a"',
    (header) => {
      expect(namesEtag(header, '"a"')).toBe(true);
    },
  );

  it.each(['', 'a', '"b"', '"a', '"A"', '"x,"a""', 'W/"b", "c"', '**', '"*"', 'w/"b"'])(
    '%s does not',
    (header) => {
      expect(namesEtag(header, '"a"')).toBe(false);
    },
  );

  it('may name a tag with a comma or a blank in it', () => {
    expect(namesEtag('"x", "a,b c"', '"a,b c"')).toBe(false);
    expect(namesEtag('"x", "a,b"', '"a,b"')).toBe(true);
  });
});
