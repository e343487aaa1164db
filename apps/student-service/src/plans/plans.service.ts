/** What students intend to take, kept within the rules and safe from lost updates. */
import { type Plan, type PlanInput, termIndex } from '@flowchart/contracts';
import { AppError } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { CatalogueService, type Courses } from '../catalogue/catalogue.service.js';
import { errors } from '../errors.js';
import { passedOf, standingOf } from '../transcripts/standing.js';
import { TranscriptsService } from '../transcripts/transcripts.service.js';
import { allows, etagOf, type ExpectedVersions } from './entity-tags.js';
import { PlanStore } from './plan-store.js';
import { creditsPlanned, findViolations, inOrder, type PlanRules } from './validate-plan.js';

@Injectable()
export class PlansService {
  constructor(
    private readonly plans: PlanStore,
    private readonly transcripts: TranscriptsService,
    private readonly catalogue: CatalogueService,
  ) {}

  find(studentId: string): Promise<Plan> {
    return this.plans.find(studentId);
  }

  async save(studentId: string, input: PlanInput, expected: ExpectedVersions): Promise<Plan> {
    const { version: current } = await this.plans.find(studentId);
    // Told first: who works on an old plan should not correct violations in it.
    if (!allows(expected, current)) throw stale(current);
    const rules = await this.rulesFor(studentId);
    const violations = findViolations(input, rules);
    if (violations.length > 0) {
      const detail = violations.map(({ message }) => message).join(' ');
      throw new AppError(errors.PLAN_INVALID, detail, { extensions: { violations } });
    }
    const terms = withCredits(input, rules.courses);
    const version = await this.plans.save(studentId, terms, expected);
    if (version === null) throw stale((await this.plans.find(studentId)).version);
    return { studentId, terms, version };
  }

  private async rulesFor(studentId: string): Promise<PlanRules> {
    const [{ level, degreeCode, admittedTerm, entries }, courses] = await Promise.all([
      this.transcripts.record(studentId),
      this.catalogue.courses(),
    ]);
    const degree = await this.catalogue.degree(degreeCode);
    const limits = degree.constraints
      .filter((constraint) => constraint.kind === 'MAX_CREDITS_PER_TERM')
      .map(({ credits }) => credits);
    return {
      level,
      courses,
      passed: new Set(passedOf(standingOf(entries)).keys()),
      firstOpenIndex: Math.max(termIndex(admittedTerm), ...entries.map(({ term }) => termIndex(term) + 1)),
      creditsPerTerm: Math.min(...limits),
    };
  }
}

const stale = (current: number): AppError =>
  new AppError(
    errors.PLAN_STALE,
    `The plan is at version ${current} now. Read it again, repeat your change and save with its ETag.`,
    { headers: { etag: etagOf(current) } },
  );

/** Credits are stored with the plan, so that it can be shown while the course catalogue is away. */
const withCredits = ({ terms }: PlanInput, courses: Courses): Plan['terms'] =>
  inOrder(terms).map((planned) => ({ ...planned, credits: creditsPlanned(planned, courses) }));
