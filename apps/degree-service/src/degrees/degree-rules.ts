/** Whether a degree's rules make sense: what they name exists, and somebody could meet them. */
import type { ConstraintRule, Course, RequirementRule } from '@flowchart/contracts';

export interface RuleViolation {
  /** Where in the registrar's input: `requirements.0`. */
  readonly path: string;
  readonly message: string;
}

type Courses = ReadonlyMap<string, Course>;

export function requirementViolations(
  requirements: readonly RequirementRule[],
  courses: Courses,
): RuleViolation[] {
  return requirements.flatMap((rule, position) =>
    problemsOf(rule, courses).map((problem) => ({
      path: `requirements.${position}`,
      message: `"${rule.title}" ${problem}`,
    })),
  );
}

/** A second limit of one kind would contradict the first or repeat it. */
export function constraintViolations(constraints: readonly ConstraintRule[]): RuleViolation[] {
  return repeated(constraints.map(({ kind }) => kind)).map((kind) => ({
    path: 'constraints',
    message: `${kind} is given more than once`,
  }));
}

/** The courses that a rule names one by one. */
export const coursesNamed = (rule: RequirementRule): readonly string[] =>
  rule.kind === 'CREDITS_FROM' ? (rule.from.courses ?? []) : rule.courses;

function problemsOf(rule: RequirementRule, courses: Courses): string[] {
  const named = coursesNamed(rule);
  const unknown = named.filter((code) => !courses.has(code));
  return [
    ...unknown.map((code) => `names ${code}, which does not exist`),
    ...repeated(named).map((code) => `names ${code} more than once`),
    ...(unknown.length === 0 ? shortages(rule, courses) : []),
  ];
}

/** Says where a rule asks for more than there is. */
function shortages(rule: RequirementRule, courses: Courses): string[] {
  if (rule.kind === 'ALL_OF') return [];
  if (rule.kind === 'CHOOSE_N') {
    const choices = new Set(rule.courses).size;
    return rule.choose > choices ? [`asks for ${rule.choose} courses and lists ${choices}`] : [];
  }
  const available = creditsAdmitted(rule.from, courses);
  return rule.credits > available
    ? [`asks for ${rule.credits} credits, but all courses that count have ${available} together`]
    : [];
}

type CreditSource = Extract<RequirementRule, { kind: 'CREDITS_FROM' }>['from'];

function creditsAdmitted(from: CreditSource, courses: Courses): number {
  const admits = ({ code, department, level }: Course): boolean =>
    (from.departments?.includes(department) ?? true) &&
    (from.level === undefined || from.level === level) &&
    (from.courses?.includes(code) ?? true);
  return [...courses.values()].filter(admits).reduce((sum, { credits }) => sum + credits, 0);
}

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, position) => names.indexOf(name) !== position)),
];
