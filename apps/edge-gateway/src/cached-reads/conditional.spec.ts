import { describe, expect, it } from '@jest/globals';
import { etagOf, namedEtag, withoutCodings } from './conditional.js';

describe('If-None-Match', () => {
  it.each(['"a"', 'W/"a"', '*', ' * ', '"x", "a"', '"x",W/"a" , "y"', '"x,y", "a"'])(
    '%s names "a"',
    (header) => {
      expect(namedEtag(header, ['"a"'])).toBe('"a"');
    },
  );

  it.each(['', 'a', '"b"', '"a', '"A"', '"x,"a""', 'W/"b", "c"', '**', '"*"', 'w/"b"'])(
    '%s does not',
    (header) => {
      expect(namedEtag(header, ['"a"'])).toBeUndefined();
    },
  );

  it('may name a tag with a comma or a blank in it', () => {
    expect(namedEtag('"x", "a,b c"', ['"a,b c"'])).toBeUndefined();
    expect(namedEtag('"x", "a,b"', ['"a,b"'])).toBe('"a,b"');
  });

  it('names the first of several that it could', () => {
    expect(namedEtag('"a", "a-br"', ['"a-br"', '"a"'])).toBe('"a-br"');
    expect(namedEtag('*', ['"a-br"', '"a"'])).toBe('"a-br"');
  });
});

describe('the tag of a coding', () => {
  it('is another for other bytes', () => {
    const tags = (['identity', 'br', 'gzip'] as const).map((coding) => etagOf('"7-ab"', coding));
    expect(tags).toEqual(['"7-ab"', '"7-ab-br"', '"7-ab-gz"']);
  });

  it('names the same state to a service, in any list', () => {
    expect(withoutCodings('"7-ab-br"')).toBe('"7-ab"');
    expect(withoutCodings('"7-ab-gz", W/"8-br" ,"9"')).toBe('"7-ab", W/"8" ,"9"');
    expect(withoutCodings('*')).toBe('*');
    expect(withoutCodings('"br", "a-br-x"')).toBe('"br", "a-br-x"');
  });
});
