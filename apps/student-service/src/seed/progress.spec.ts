import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

function progressOn({ isTTY, msPerStudent }: { isTTY: boolean; msPerStudent: number }, total: number) {
  const written: string[] = [];
  let nowMs = 0;
  const screen = { isTTY, write: (text: string) => written.push(text) };
  const progress = new Progress(total, screen, () => nowMs);
  const numbers = function* () {
    for (let n = 1; n <= total; n++) {
      nowMs += msPerStudent;
      yield n;
    }
  };
  const seen = [...progress.watch('students', numbers())];
  return { seen, written, progress };
}

describe('the progress of a load', () => {
  it('hands on every student', () => {
    expect(progressOn({ isTTY: false, msPerStudent: 0 }, 3).seen).toEqual([1, 2, 3]);
  });

  it('tells share, count, rate and time left, in lines where there is no terminal', () => {
    const { written } = progressOn({ isTTY: false, msPerStudent: 2 }, 10_000);
    expect(written[0]).toBe(
      'students           ██████░░░░░░░░░░░░░░░░░░  25 %  2,500 of 10,000 students, 500/s, 15 s left\n',
    );
    expect(written.at(-1)).toContain('100 %  10,000 of 10,000 students, 500/s, 20.0 s\n');
    expect(written).toHaveLength(4);
  });

  it('redraws one line on a terminal', () => {
    const { written } = progressOn({ isTTY: true, msPerStudent: 1 }, 2000);
    expect(written.at(-1)).toBe('\n');
    const drawn = written.slice(0, -1);
    expect(drawn.length).toBeGreaterThan(2);
    for (const text of drawn) expect(text).toMatch(/^\r.*\u001b\[K$/);
  });

  it('says which step is under way', () => {
    const { written, progress } = progressOn({ isTTY: false, msPerStudent: 0 }, 1);
    progress.step('making keys');
    expect(written.at(-1)).toBe('making keys …\n');
  });
});
