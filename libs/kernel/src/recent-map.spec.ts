import { describe, expect, it } from '@jest/globals';
import { RecentMap } from './recent-map.js';

describe('RecentMap', () => {
  it('never holds more than twice its capacity', () => {
    const map = new RecentMap<number, number>(100);
    for (let key = 0; key < 10_000; key++) {
      map.set(key, key);
      expect(map.size).toBeLessThanOrEqual(200);
    }
  });

  it('keeps what is used while much else comes by', () => {
    const map = new RecentMap<string, number>(10);
    map.set('hot', 1);
    for (let key = 0; key < 1000; key++) {
      map.set(`cold${key}`, key);
      expect(map.get('hot')).toBe(1);
    }
    expect(map.get('cold1')).toBeUndefined();
  });

  it('forgets a key from both generations, and lists each key once', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect([...map.entries()].sort()).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    map.delete('a');
    map.delete('b');
    expect(map.size).toBe(0);
    expect(map.get('a')).toBeUndefined();
  });
});
