import { describe, expect, it } from '@jest/globals';
import { emptyPage, Ledger, mergePages, type PlannedTerm } from './ledger.js';

const plan = (username: string, version: number, ...courses: string[]) => ({
  username,
  version,
  terms: courses.length === 0 ? [] : ([{ term: '2030-FALL', courses }] satisfies PlannedTerm[]),
});
const names = (ledger: Ledger): string[] => ledger.close().plans.map(({ username }) => username);

describe('the ledger', () => {
  it('keeps the highest version that was acknowledged, whatever order the answers came in', () => {
    const ledger = new Ledger(1);
    for (const version of [1, 3, 2]) ledger.acknowledged(plan('ada', version, `CS10${version}`));
    expect(ledger.close()).toMatchObject({ writes: 3, plans: [plan('ada', 3, 'CS103')] });
  });

  it('notices a version that was acknowledged twice with different courses, in one worker and across two', () => {
    const [one, other, equal] = [new Ledger(1), new Ledger(1), new Ledger(1)];
    one.acknowledged(plan('ada', 4, 'CS101'));
    other.acknowledged(plan('ada', 4, 'CS102'));
    equal.acknowledged(plan('ada', 4, 'CS101'));
    const contradicted = (...ledgers: Ledger[]) =>
      ledgers.map((ledger) => ledger.close()).reduce(mergePages, emptyPage).plans[0]?.contradicted;
    expect([contradicted(one, equal), contradicted(one, other)]).toEqual([false, true]);
    one.acknowledged(plan('ada', 4, 'CS102'));
    one.acknowledged(plan('ada', 5));
    expect(contradicted(one)).toBe(true);
  });

  it('stays bounded, and keeps the same students for the same seed in whatever order they come', () => {
    const students = Array.from({ length: 500 }, (_, index) => `student${index}`);
    const filled = (seed: number, order: readonly string[]) => {
      const ledger = new Ledger(seed, 20);
      for (const name of [...order, ...order]) ledger.acknowledged(plan(name, 1));
      return ledger;
    };
    const first = names(filled(7, students));
    expect(first).toHaveLength(20);
    expect(names(filled(7, students.toReversed())).sort()).toEqual([...first].sort());
    expect(names(filled(8, students)).sort()).not.toEqual([...first].sort());
    // Fifty of each half, give or take: a sample, not the first or the last.
    expect(first.filter((name) => Number(name.slice(7)) < 250).length).toBeGreaterThan(3);
  });

  it('keeps the last sessions that were ended, and counts all', () => {
    const ledger = new Ledger(1);
    for (let index = 0; index < 5000; index++) ledger.loggedOut(`token${index}`);
    const { logouts, endedSessions } = ledger.close();
    expect([logouts, endedSessions.length, endedSessions.at(-1)]).toEqual([5000, 500, 'token4999']);
  });
});
