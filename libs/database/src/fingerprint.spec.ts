import { describe, expect, it } from '@jest/globals';
import { fingerprintOf } from './fingerprint.js';

describe('the fingerprint of a statement', () => {
  it.each([
    ['SELECT * FROM t WHERE a = 1', 'SELECT *  FROM t\n WHERE a = -- 7\n 2.5e3'],
    [`SELECT 'it''s' /* x */ FROM t`, `SELECT $1 FROM t`],
    ['SELECT 1 WHERE a IN (1, 2,3)', 'SELECT 9 WHERE a IN ($1)'],
    [`INSERT INTO t VALUES (1, 'a'), (2, 'b')`, `INSERT INTO t VALUES ($1, $2)`],
    [`SELECT $$secret$$`, `SELECT $tag$other $$ secret$tag$`],
    [`SELECT E'a\\'secret'`, `SELECT U&'x'`],
  ])('is the same for %j and %j', (one, other) => {
    expect(fingerprintOf(one)).toEqual(fingerprintOf(other));
    expect(fingerprintOf(one).id).toMatch(/^[\da-f]{16}$/);
  });

  it.each([
    ['SELECT a FROM t', 'SELECT b FROM t'],
    ['SELECT a1 FROM t', 'SELECT a2 FROM t'],
    ['SELECT "1" FROM t', 'SELECT "2" FROM t'],
  ])('differs between %j and %j', (one, other) => {
    expect(fingerprintOf(one).id).not.toBe(fingerprintOf(other).id);
  });

  it.each([
    `SELECT 'swordfish`,
    `SELECT '' || 'swordfish'`,
    `SELECT 'a''swordfish'`,
    `SELECT "it's", 'swordfish'`,
    `SELECT $x$ ' swordfish`,
    `SELECT 1 -- swordfish`,
    `SELECT 1 /* swordfish`,
    `SELECT 'a\\', 'swordfish'`,
    `SELECT E'\\\\', 'swordfish'`,
    `SELECT 42424242`,
    `SELECT -42424242.42, 0x42424242`,
  ])('shows no value of %j', (statement) => {
    expect(fingerprintOf(statement).text).not.toMatch(/swordfish|4242/);
  });

  it('is short, and soon there, whatever the statement', () => {
    const startMs = performance.now();
    for (const part of [`'`, '$a$', '/*', '--', '"', '(?,', '\\', '(1),', "e'", '$', '9', ' '])
      expect(fingerprintOf(part.repeat(100_000)).text.length).toBeLessThan(1002);
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});
