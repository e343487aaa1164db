import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { trustedUntil } from './entry.js';
import { MemoryStore } from './memory-store.js';
import { entry, textCodec } from './testing/text-entries.js';

const KIB = 1024;
const store = (maxBytes: number) => new MemoryStore<string>(maxBytes, (value) => textCodec.sizeBytes(value));
const text = (bytes: number) => 'x'.repeat(bytes);

describe('MemoryStore', () => {
  it('gives back what was stored, and the newer of two under one key', () => {
    const memory = store(64 * KIB);
    memory.set('a', entry('one'));
    memory.set('a', entry('two'));
    expect(memory.get('a')?.value).toBe('two');
    expect(memory.get('b')).toBeUndefined();
    expect(memory.size).toBe(1);
  });

  it('evicts by tag what shows it and nothing else', () => {
    const memory = store(64 * KIB);
    memory.set('list', entry('1', ['courses', 'course:A']));
    memory.set('a', entry('2', ['course:A']));
    memory.set('b', entry('3', ['course:B']));
    expect(memory.evict(['course:A', 'course:C'])).toBe(2);
    expect([memory.get('list'), memory.get('a'), memory.get('b')?.value]).toEqual([
      undefined,
      undefined,
      '3',
    ]);
  });

  it('follows the tags of the newer entry', () => {
    const memory = store(64 * KIB);
    memory.set('a', entry('1', ['old']));
    memory.set('a', entry('2', ['new']));
    expect(memory.evict(['old'])).toBe(0);
    expect(memory.evict(['new'])).toBe(1);
    expect(memory.bytes).toBe(0);
  });

  it('does not store what is larger than all of it', () => {
    const memory = store(2 * KIB);
    memory.set('small', entry('s'));
    memory.set('large', entry(text(4 * KIB)));
    expect(memory.get('large')).toBeUndefined();
    expect(memory.get('small')?.value).toBe('s');
  });

  it('makes room when what it holds grows, and only then', () => {
    const grown = new Map([['b', 0]]);
    const memory = new MemoryStore<string>(8 * KIB, (value) => KIB + (grown.get(value) ?? 0));
    for (const key of ['a', 'b', 'c']) memory.set(key, entry(key));
    const before = memory.bytes;
    memory.reweigh('b');
    memory.reweigh('absent');
    expect(memory.bytes).toBe(before);
    grown.set('b', KIB);
    memory.reweigh('b');
    expect([memory.bytes, memory.size]).toEqual([before + KIB, 3]);
    grown.set('b', 5 * KIB);
    memory.get('b');
    memory.reweigh('b');
    expect(memory.bytes).toBeLessThanOrEqual(8 * KIB);
    expect(memory.get('a')).toBeUndefined();
    expect(memory.get('b')?.value).toBe('b');
    grown.set('b', 9 * KIB);
    memory.reweigh('b');
    expect(memory.get('b')).toBeUndefined();
  });

  it('keeps the hot set while a scan of other keys passes through', () => {
    const memory = store(200 * KIB);
    const hot = Array.from({ length: 50 }, (_, index) => `hot${index}`);
    for (const key of hot) memory.set(key, entry(text(KIB)));
    for (let round = 0; round < 100; round++) {
      for (const key of hot) memory.get(key);
      for (let cold = 0; cold < 50; cold++) memory.set(`cold${round}-${cold}`, entry(text(KIB)));
    }
    expect(hot.filter((key) => memory.get(key) === undefined)).toEqual([]);
  });

  it('shortens trust without touching how long an entry stands in for a failing origin', () => {
    const memory = store(64 * KIB);
    const stored = entry('1', [], 1000);
    memory.set('a', stored);
    memory.reassess((held) => trustedUntil(held, 5000));
    expect(memory.get('a')).toEqual({ ...stored, freshUntilMs: 5000, revalidateUntilMs: 5000 });
  });

  it('stays within its bytes, counts them right and finds every tag, whatever is done to it', () => {
    const key = fc.integer({ min: 0, max: 30 }).map(String);
    const tag = fc.constantFrom('red', 'green', 'blue');
    const action = fc.oneof(
      fc.record({
        do: fc.constant('set' as const),
        key,
        bytes: fc.integer({ min: 0, max: 3000 }),
        tags: fc.array(tag),
      }),
      fc.record({ do: fc.constant('get' as const), key }),
      fc.record({ do: fc.constant('evict' as const), tag }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const memory = store(12 * KIB);
        for (const one of actions) {
          if (one.do === 'set') memory.set(one.key, entry(text(one.bytes), one.tags));
          else if (one.do === 'get') memory.get(one.key);
          else memory.evict([one.tag]);
          expect(memory.bytes).toBeLessThanOrEqual(12 * KIB);
        }
        const left = Array.from({ length: 31 }, (_, index) => memory.get(String(index))).filter(Boolean);
        expect(memory.size).toBe(left.length);
        const tagged = left.filter((found) => found?.tags.length).length;
        expect(memory.evict(['red', 'green', 'blue'])).toBe(tagged);
        if (memory.size === 0) expect(memory.bytes).toBe(0);
      }),
    );
  });
});
