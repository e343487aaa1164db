import { describe, expect, it } from '@jest/globals';
import { acceptedCodings } from './accept-encoding.js';

describe('Accept-Encoding', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br gzip identity'],
    ['gzip', 'gzip identity'],
    ['x-gzip', 'gzip identity'],
    ['GZIP;Q=0.5', 'gzip identity'],
    ['br;q=0.5, gzip;q=0.8', 'gzip br identity'],
    ['br ; q=0.5 ,gzip; q=0.8', 'gzip br identity'],
    ['identity, gzip;q=0.5', 'identity gzip'],
    ['gzip, identity;q=0.5', 'gzip identity'],
    ['gzip, identity;q=0', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['*', 'br gzip identity'],
    ['*;q=0.5, gzip', 'gzip br identity'],
    ['gzip, *;q=0', 'gzip'],
    ['br;q=0, *', 'gzip identity'],
    ['br;q=1.000', 'br identity'],
    ['deflate, zstd', 'identity'],
  ])('%j takes %s, best first', (header, accepted) => {
    expect(acceptedCodings(header).join(' ')).toBe(accepted);
  });

  it.each(['br;q=2', 'br;q=0.1234', 'br;q=', 'br;level=5', 'br;q=0.5;q=1', 'brotli', 'br gzip'])(
    'takes no notice of %j, which RFC 9110 does not know',
    (header) => {
      expect(acceptedCodings(header)).toEqual(['identity']);
    },
  );

  it('is not heeded when it leaves nothing, for an answer in plain bytes is better than none', () => {
    expect(acceptedCodings('identity;q=0')).toEqual(['identity']);
    expect(acceptedCodings('*;q=0')).toEqual(['identity']);
  });

  it('is read once for each spelling, however many others there are', () => {
    const first = acceptedCodings('gzip, br;q=0.9');
    for (let other = 0; other < 1000; other++) {
      acceptedCodings(`gzip, x-${other}`);
      expect(acceptedCodings('gzip, br;q=0.9')).toBe(first);
    }
  });
});
