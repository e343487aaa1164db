// Lines as InfluxDB's documentation writes them; that a real one reads them so is shown in outputs.int-spec.ts.

import { describe, expect, it } from '@jest/globals';
import { line, lines, type Point } from './line-protocol.js';

const point = (changes: Partial<Point> = {}): Point => ({
  measurement: 'vus',
  tags: {},
  fields: { value: 1 },
  epochMs: 1_700_000_000_000,
  ...changes,
});

describe('line protocol', () => {
  it.each<[string, Partial<Point>, string]>([
    ['a plain point', {}, 'vus value=1 1700000000000'],
    ['tags, sorted', { tags: { b: '2', a: '1' } }, 'vus,a=1,b=2 value=1 1700000000000'],
    [
      'spaces, commas and equals signs in tags',
      { tags: { 'a b': 'c,d=e f' } },
      'vus,a\\ b=c\\,d\\=e\\ f value=1 1700000000000',
    ],
    ['quotes, as they are', { tags: { a: '"b"' } }, 'vus,a="b" value=1 1700000000000'],
    ['unicode, as it is', { tags: { größe: '大 ✓' } }, 'vus,größe=大\\ ✓ value=1 1700000000000'],
    [
      'no line break',
      { tags: { a: 'b\nhacked value=2' } },
      'vus,a=b\\ hacked\\ value\\=2 value=1 1700000000000',
    ],
    ['no backslash at the end', { tags: { a: 'b\\' } }, 'vus,a=b value=1 1700000000000'],
    [
      'no backslash before a separator',
      { tags: { a: 'b\\,c=d\\ e\\f' } },
      'vus,a=b\\,c\\=d\\ e\\f value=1 1700000000000',
    ],
    ['no empty tag', { tags: { a: '' } }, 'vus value=1 1700000000000'],
    ['a measurement with a space', { measurement: 'a, b=c' }, 'a\\,\\ b=c value=1 1700000000000'],
    ['small and negative numbers', { fields: { a: 1e-7, b: -0.5 } }, 'vus a=1e-7,b=-0.5 1700000000000'],
    ['no numbers that are none', { fields: { a: NaN, b: 2, c: Infinity } }, 'vus b=2 1700000000000'],
    ['whole milliseconds', { epochMs: 1.6 }, 'vus value=1 2'],
  ])('writes %s', (_, changes, expected) => {
    expect(line(point(changes))).toBe(expected);
  });

  it('leaves out a point that has no fields', () => {
    expect(lines([point(), point({ fields: { a: NaN } }), point()])).toBe(
      'vus value=1 1700000000000\nvus value=1 1700000000000',
    );
  });
});
