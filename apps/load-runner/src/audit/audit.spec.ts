// The audit against a stand-in of the edge that can break each of its promises.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditCheck } from '../analysis/findings.js';
import { FakeEdge } from '../testing/fake-edge.js';
import { profile } from '../testing/generators.js';
import { Caller } from '../testing/settled.js';
import { discoverCatalogue } from '../users/catalogue.js';
import { journeys } from '../users/journeys/index.js';
import { Random } from '../users/random.js';
import { User } from '../users/user.js';
import { audit } from './audit.js';
import { emptyPage, Ledger, type LedgerPage } from './ledger.js';

describe('the audit after a run', () => {
  let edge: FakeEdge;
  beforeEach(async () => {
    edge = await new FakeEdge().listen();
  });
  afterEach(() => edge.close());

  /** Students at work, and what they were promised. */
  async function promises(visits = 30): Promise<LedgerPage> {
    const ledger = new Ledger(1);
    const tally = {
      check: () => undefined,
      count: () => undefined,
      acknowledged: ledger.acknowledged.bind(ledger),
      loggedOut: ledger.loggedOut.bind(ledger),
    };
    const user = new User(await discoverCatalogue(edge.url), 10, tally);
    user.random = new Random(1);
    const caller = new Caller(Number(new URL(edge.url).port));
    for (let visit = 0; visit < visits; visit++) {
      const journey = journeys.student(user);
      for (let next = journey.next(); !next.done;) next = journey.next(await caller.ask(next.value));
    }
    caller.connection.close();
    return ledger.close();
  }
  async function audited(ledger: LedgerPage): Promise<AuditCheck[]> {
    const catalogue = await discoverCatalogue(edge.url);
    const plan = { profile: profile(), baseUrl: edge.url, seed: 1, workers: 1, catalogue };
    return audit(edge.url, { ledger, plan });
  }
  const violated = (checks: readonly AuditCheck[]) =>
    checks.filter(({ violations }) => violations > 0).map(({ name }) => name);

  it('finds nothing wrong with a system that keeps its promises, and says how much it looked at', async () => {
    const checks = await audited(await promises());
    expect(checks.flatMap(({ examples }) => examples)).toEqual([]);
    expect(checks.map(({ name, examined }) => [name, examined > 0])).toEqual([
      ['acknowledged writes', true],
      ['plan rules', true],
      ['dead sessions', true],
      ['cached bytes', true],
    ]);
    expect(checks[0]?.note).toMatch(
      /^\d+ examined of \d+ students who saved plans \(\d+ writes acknowledged\)$/,
    );
  });

  it('has something to compare with however often runs of one seed follow each other', async () => {
    const ledger = await promises();
    for (let run = 0; run < 10; run++) expect(violated(await audited(ledger))).toEqual([]);
  });

  it('finds a plan that was acknowledged and is not there', async () => {
    edge.faults.losesPlans = true;
    const checks = await audited(await promises());
    expect(violated(checks)).toEqual(['acknowledged writes']);
    const complaints = checks[0]?.examples.join();
    expect(complaints).toMatch(/version 1 was acknowledged, but version 0 is what is there/);
    // Who saved twice was told of the same version twice.
    expect(complaints).toContain('a version was acknowledged twice, with different courses');
  });

  it('finds a plan with the right version and other courses, and takes a later version for a write without an answer', async () => {
    const ledger = await promises();
    const [first] = ledger.plans;
    if (!first) throw new Error('nothing was saved');
    const other = { ...first, terms: [{ term: '2040-FALL', courses: ['CS101'] }] };
    expect(violated(await audited({ ...ledger, plans: [other] }))).toEqual(['acknowledged writes']);
    expect(violated(await audited({ ...ledger, plans: [{ ...other, version: first.version - 1 }] }))).toEqual(
      [],
    );
  });

  it('finds a plan that breaks a rule, although it was saved as sent', async () => {
    const ledger = await promises();
    edge.overwritePlans([{ term: '2040-SUMMER', courses: ['CS101'] }]);
    const checks = await audited(ledger);
    expect(violated(checks)).toEqual(['plan rules']);
    expect(checks[1]?.examples[0]).toContain('CS101 is not offered in 2040-SUMMER');
  });

  it('finds a session that lives on after the logout', async () => {
    edge.faults.keepsSessions = true;
    expect(violated(await audited(await promises()))).toEqual(['dead sessions']);
  });

  it.each(['staleLists', 'staleCourses'] as const)('finds what is stored and outdated: %s', async (fault) => {
    edge.faults[fault] = true;
    const checks = await audited(emptyPage);
    expect(violated(checks)).toEqual(['cached bytes']);
  });

  it('says that there was nothing to examine, without failing, when nobody wrote', async () => {
    const checks = await audited(emptyPage);
    expect(violated(checks)).toEqual([]);
    expect(checks.slice(0, 3).map(({ note }) => note)).toEqual([
      'nothing to examine: no plan was saved',
      'nothing to examine: no plan was saved',
      'nothing to examine: nobody logged out',
    ]);
  });

  it('fails when there were writes and not one of them could be examined', async () => {
    const checks = await audited({ ...emptyPage, writes: 12, logouts: 3 });
    expect(violated(checks)).toEqual(['acknowledged writes', 'plan rules', 'dead sessions']);
  });

  it('says so when the target has not survived the run', async () => {
    const ledger = await promises(1);
    const { url } = edge;
    await edge.close();
    const plan = { profile: profile(), baseUrl: url, seed: 1, workers: 1, catalogue: emptyCatalogue };
    const checks = await audit(url, { ledger, plan }, 100);
    expect(violated(checks)).toEqual(['target']);
    expect(checks[0]?.examples[0]).toContain('does not answer any more');
    edge = await new FakeEdge().listen();
  });
});

const emptyCatalogue = { courses: [], departments: [], levels: [], degrees: [] };
