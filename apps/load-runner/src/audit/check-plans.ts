// Every acknowledged plan is found again, and no saved plan breaks a rule: logs in as those who saved, and reads.

import {
  coursePageSchema,
  degreeConstraintsSchema,
  degreeSchema,
  planSchema,
  profileSchema,
  transcriptSchema,
  type Constraint,
  type Course,
  type Plan,
} from '@flowchart/contracts';
import type { AuditCheck } from '../analysis/findings.js';
import { password } from '../users/journeys/session.js';
import { reasonOf, type AuditedEdge } from './edge.js';
import { sameTerms, type KeptPlan, type LedgerPage } from './ledger.js';
import { breaches } from './plan-rules.js';
import { sample } from './sample.js';
import { TallySheet } from './tally-sheet.js';

/** A login costs the system 11 ms of a core. */
const maxStudents = 100;
const pageSize = 100;

export async function checkPlans(edge: AuditedEdge, ledger: LedgerPage, seed: number): Promise<AuditCheck[]> {
  const kept = ledger.plans.length;
  const population =
    ledger.writes === 0
      ? 'no plan was saved'
      : `${kept} students who saved plans (${ledger.writes} writes acknowledged)`;
  const writes = new TallySheet('acknowledged writes', population);
  const rules = new TallySheet('plan rules', population);
  if (kept === 0) return [writes.close(0, ledger.writes > 0), rules.close(0, ledger.writes > 0)];

  const reader = new PlanReader(edge);
  let judged = 0;
  const examined = await edge.each(sample(ledger.plans, maxStudents, seed), async (kept) => {
    const { username } = kept;
    try {
      const authorization = await reader.logIn(username);
      const plan = await reader.plan(authorization);
      const complaint = compare(kept, plan);
      if (complaint !== undefined) writes.violation(`${username}: ${complaint}`);
      for (const breach of await reader.breaches(authorization, plan))
        rules.violation(`${username}: ${breach}`);
      judged++;
      await reader.logOut(authorization);
    } catch (error) {
      writes.violation(`${username}: the plan could not be read: ${reasonOf(error)}`);
    }
  });
  return [writes.close(examined, true), rules.close(judged, true)];
}

/** What is wrong with the plan that was found, given the last one that was acknowledged. */
function compare(kept: KeptPlan, found: Plan): string | undefined {
  if (kept.contradicted) return `a version was acknowledged twice, with different courses`;
  if (found.version < kept.version)
    return `version ${kept.version} was acknowledged, but version ${found.version} is what is there`;
  // A later version may be of a write that was done, and whose answer never came.
  if (found.version === kept.version && !sameTerms(found, kept))
    return `version ${kept.version} has other courses than those acknowledged`;
  return undefined;
}

/** Reads what a verdict on a plan needs; what all students share is read once. */
class PlanReader {
  private courses: Promise<ReadonlyMap<string, Course>> | undefined;
  private readonly constraints = new Map<string, Promise<readonly Constraint[]>>();

  constructor(private readonly edge: AuditedEdge) {}

  async logIn(username: string): Promise<string> {
    const answer = await this.edge.json('/auth/login', { method: 'POST', body: { username, password } });
    return `Bearer ${(answer as { accessToken: string }).accessToken}`;
  }

  async logOut(authorization: string): Promise<void> {
    await this.edge.ask('/auth/logout', { method: 'POST', headers: { authorization } });
  }

  async plan(authorization: string): Promise<Plan> {
    return planSchema.parse(await this.edge.json('/students/me/plan', { headers: { authorization } }));
  }

  async breaches(authorization: string, plan: Plan): Promise<string[]> {
    const headers = { authorization };
    const profile = profileSchema.parse(await this.edge.json('/students/me', { headers }));
    const transcript = transcriptSchema.parse(await this.edge.json('/students/me/transcript', { headers }));
    const constraints = await this.constraintsOf(profile.degreeCode);
    return breaches(plan, { profile, transcript, constraints, courses: await this.catalogue() });
  }

  private constraintsOf(degreeCode: string): Promise<readonly Constraint[]> {
    let known = this.constraints.get(degreeCode);
    if (!known) this.constraints.set(degreeCode, (known = this.readConstraints(degreeCode)));
    return known;
  }

  private async readConstraints(degreeCode: string): Promise<readonly Constraint[]> {
    const degree = degreeSchema.parse(await this.edge.json(`/degrees/code/${degreeCode}`));
    const limits = await this.edge.json(`/degrees/${degree.id}/constraints`);
    return degreeConstraintsSchema.parse(limits).constraints;
  }

  private catalogue(): Promise<ReadonlyMap<string, Course>> {
    return (this.courses ??= this.readCatalogue());
  }

  private async readCatalogue(): Promise<ReadonlyMap<string, Course>> {
    const found = new Map<string, Course>();
    for (let next: string | null = ''; next !== null;) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const { items, page } = coursePageSchema.parse(
        await this.edge.json(`/courses?limit=${pageSize}${cursor}`),
      );
      for (const course of items) found.set(course.code, course);
      next = items.length === 0 ? null : page.next;
    }
    return found;
  }
}
