/** How a student stands against each of a degree's limits. */
import {
  type Audit,
  type Constraint,
  type DegreeRules,
  termIndex,
  type TranscriptEntry,
} from '@flowchart/contracts';
import type { Courses } from '../catalogue/catalogue.service.js';
import { creditsOf, gradePointAverage, type Standing } from '../transcripts/standing.js';

/** All that is known of a student when constraints are judged. */
export interface Facts {
  readonly degree: DegreeRules;
  readonly admittedTerm: string;
  readonly entries: readonly TranscriptEntry[];
  readonly standing: Standing;
  readonly passed: Standing;
  readonly courses: Courses;
}

type ConstraintAudit = Audit['constraints'][number];
type Verdict = Pick<ConstraintAudit, 'satisfied' | 'progress' | 'detail'>;

export function auditConstraint(constraint: Constraint, facts: Facts): ConstraintAudit {
  return { id: constraint.id, kind: constraint.kind, ...judge(constraint, facts) };
}

function judge(constraint: Constraint, facts: Facts): Verdict {
  switch (constraint.kind) {
    case 'TOTAL_CREDITS':
      return totalCredits(constraint.minimum, facts);
    case 'MINIMUM_GPA':
      return minimumGpa(constraint.gpa, facts);
    case 'MAX_CREDITS_PER_TERM':
      return creditsPerTerm(constraint.credits, facts);
    case 'MAX_TRANSFER_CREDITS':
      return transferCredits(constraint.credits, facts);
    case 'MAX_YEARS':
      return years(constraint.years, facts);
  }
}

/** Towards a graduate degree only graduate courses earn credits; a course no longer in the catalogue still does. */
function totalCredits(needed: number, { degree, passed, courses }: Facts): Verdict {
  const counting = [...passed.values()].filter(
    ({ code }) => degree.level === 'UNDERGRADUATE' || courses.get(code)?.level !== 'UNDERGRADUATE',
  );
  const done = creditsOf(counting);
  return {
    satisfied: done >= needed,
    progress: { done, needed, unit: 'CREDITS' },
    detail: `${done} of ${needed} credits are earned.`,
  };
}

function minimumGpa(needed: number, { standing }: Facts): Verdict {
  const gpa = gradePointAverage(standing);
  return {
    satisfied: gpa !== null && gpa >= needed,
    progress: { done: gpa ?? 0, needed, unit: 'GPA' },
    detail:
      gpa === null
        ? `There are no grades yet; at least ${needed} is needed.`
        : `The grade point average is ${gpa}; at least ${needed} is needed.`,
  };
}

/** The heaviest term, withdrawals included: they were enrolled in. */
function creditsPerTerm(limit: number, { entries }: Facts): Verdict {
  const perTerm = new Map<string, number>();
  for (const { term, credits, transfer } of entries) {
    if (!transfer) perTerm.set(term, (perTerm.get(term) ?? 0) + credits);
  }
  const done = Math.max(0, ...perTerm.values());
  return {
    satisfied: done <= limit,
    progress: { done, needed: limit, unit: 'CREDITS' },
    detail: `The heaviest term had ${done} credits; ${limit} are allowed.`,
  };
}

function transferCredits(limit: number, { passed }: Facts): Verdict {
  const done = creditsOf([...passed.values()].filter(({ transfer }) => transfer));
  return {
    satisfied: done <= limit,
    progress: { done, needed: limit, unit: 'CREDITS' },
    detail: `${done} credits were transferred; ${limit} are allowed.`,
  };
}

/** From the term of admission to the last one on the transcript, in years begun: no clock is asked. */
function years(limit: number, { admittedTerm, entries }: Facts): Verdict {
  const last = Math.max(...entries.map(({ term }) => termIndex(term)));
  const terms = entries.length === 0 ? 0 : Math.max(0, last - termIndex(admittedTerm) + 1);
  const done = Math.ceil(terms / 3);
  return {
    satisfied: done <= limit,
    progress: { done, needed: limit, unit: 'YEARS' },
    detail: `${done} of at most ${limit} years are used.`,
  };
}
