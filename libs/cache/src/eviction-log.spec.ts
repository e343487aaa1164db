import { describe, expect, it } from '@jest/globals';
import { EvictionLog } from './eviction-log.js';

describe('EvictionLog', () => {
  it('knows that a tag was evicted since a position, and no other', () => {
    const log = new EvictionLog();
    const before = log.position;
    log.add(['course:CS101', 'courses']);
    expect(log.outdated(['course:CS101'], before)).toBe(true);
    expect(log.outdated(['course:CS102', 'courses'], before)).toBe(true);
    expect(log.outdated(['course:CS102'], before)).toBe(false);
    expect(log.outdated(['course:CS101'], log.position)).toBe(false);
  });

  it('takes everything under way for outdated once everything was evicted', () => {
    const log = new EvictionLog();
    const before = log.position;
    log.addEverything();
    expect(log.outdated([], before)).toBe(true);
    expect(log.outdated(['courses'], log.position)).toBe(false);
  });

  it('forgets old evictions on the safe side: what began before them counts as outdated', () => {
    const log = new EvictionLog();
    const before = log.position;
    for (let tag = 0; tag < 10_001; tag++) log.add([`course:${tag}`]);
    expect(log.outdated(['degree:MSCS'], before)).toBe(true);
    expect(log.outdated(['course:10000'], before)).toBe(true);
    expect(log.outdated(['degree:MSCS'], log.position)).toBe(false);
  });
});
