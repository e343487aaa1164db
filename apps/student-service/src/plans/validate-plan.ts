/**
 * The rules of a plan, as a pure function that finds every violation.
 *
 * - UNKNOWN_COURSE: the catalogue has no such course; nothing else is said about it then.
 * - TERM_NOT_OFFERED: the course is not offered in that season, or the term is over for this student: it lies before
 *   the admission or not after the last term of the transcript.
 * - DUPLICATE: the course is passed already, stands in the plan before, or a term is listed twice.
 * - PREREQUISITE: each prerequisite must be passed or planned in an earlier term. For graduate students undergraduate
 *   prerequisites count as known: they came with the bachelor's degree.
 * - CREDIT_LIMIT: a term has more credits than the degree allows.
 */
import { type Level, type PlanInput, type PlanViolation, type Term, termIndex } from '@flowchart/contracts';
import type { Courses } from '../catalogue/catalogue.service.js';

export interface PlanRules {
  readonly level: Level;
  readonly passed: ReadonlySet<string>;
  /** Position of the first term that may be planned. */
  readonly firstOpenIndex: number;
  /** Infinity where the degree sets no limit. */
  readonly creditsPerTerm: number;
  readonly courses: Courses;
}

type PlannedTerm = PlanInput['terms'][number];

/** Oldest first, terms and courses as given otherwise. */
export const inOrder = (terms: readonly PlannedTerm[]): PlannedTerm[] =>
  terms.toSorted((a, b) => termIndex(a.term) - termIndex(b.term));

export const creditsPlanned = ({ courses }: PlannedTerm, catalogue: Courses): number =>
  courses.reduce((credits, code) => credits + (catalogue.get(code)?.credits ?? 0), 0);

export function findViolations({ terms }: PlanInput, rules: PlanRules): PlanViolation[] {
  const violations: PlanViolation[] = [];
  const listed = new Set<string>();
  const planned = new Set<string>();
  const known = new Set(rules.passed);
  for (const plannedTerm of inOrder(terms)) {
    const { term, courses } = plannedTerm;
    violations.push(...violationsOfTerm(plannedTerm, listed.has(term), rules));
    listed.add(term);
    for (const code of courses) {
      violations.push(...violationsOfCourse(code, term, { planned, known, rules }));
      planned.add(code);
    }
    // Only now: a prerequisite in the same term comes too late.
    for (const code of courses) known.add(code);
  }
  return violations;
}

function violationsOfTerm(planned: PlannedTerm, again: boolean, rules: PlanRules): PlanViolation[] {
  const { term } = planned;
  const violations: PlanViolation[] = [];
  if (again) violations.push({ rule: 'DUPLICATE', term, message: `${term} is listed twice.` });
  if (termIndex(term) < rules.firstOpenIndex) {
    violations.push({ rule: 'TERM_NOT_OFFERED', term, message: `${term} is over.` });
  }
  const credits = creditsPlanned(planned, rules.courses);
  if (credits > rules.creditsPerTerm) {
    const message = `${term} has ${credits} credits; ${rules.creditsPerTerm} are allowed.`;
    violations.push({ rule: 'CREDIT_LIMIT', term, message });
  }
  return violations;
}

interface PlanSoFar {
  readonly planned: ReadonlySet<string>;
  /** Passed, or planned in an earlier term. */
  readonly known: ReadonlySet<string>;
  readonly rules: PlanRules;
}

function violationsOfCourse(code: string, term: string, soFar: PlanSoFar): PlanViolation[] {
  const { planned, known, rules } = soFar;
  const course = rules.courses.get(code);
  const violation = (rule: PlanViolation['rule'], message: string): PlanViolation => ({
    rule,
    term,
    course: code,
    message,
  });
  if (!course) return [violation('UNKNOWN_COURSE', `The catalogue has no course ${code}.`)];
  const violations: PlanViolation[] = [];
  if (rules.passed.has(code)) violations.push(violation('DUPLICATE', `${code} is passed already.`));
  if (planned.has(code)) violations.push(violation('DUPLICATE', `${code} is planned more than once.`));
  if (!course.terms.includes(seasonOf(term))) {
    violations.push(violation('TERM_NOT_OFFERED', `${code} is offered in ${course.terms.join(', ')} only.`));
  }
  const missing = course.prerequisites.filter((need) => !known.has(need) && !isPresumed(need, rules));
  if (missing.length > 0) {
    const message = `${code} needs ${missing.join(', ')} passed, or planned in an earlier term.`;
    violations.push(violation('PREREQUISITE', message));
  }
  return violations;
}

const seasonOf = (term: string): Term => term.slice(term.indexOf('-') + 1) as Term;

const isPresumed = (code: string, { level, courses }: PlanRules): boolean =>
  level === 'GRADUATE' && courses.get(code)?.level === 'UNDERGRADUATE';
