// The catalogue as the generator uses it: courses with what they need on the way to a degree, degrees with what
// counts for each of their rules.
import type { Level, RequirementRule, Term } from '@flowchart/contracts';
import { closure } from '@flowchart/kernel';
import { catalogue, catalogueCourses } from '../catalogue/catalogue.js';
import type { CatalogueDegree } from '../catalogue/catalogue.types.js';
import { Random } from './random.js';

export interface Subject {
  readonly code: string;
  readonly title: string;
  readonly department: string;
  readonly level: Level;
  readonly credits: number;
  readonly terms: readonly Term[];
  /** Position among the catalogue's courses. */
  readonly index: number;
  /** 2 for CS201. */
  readonly hundred: number;
  /** Prerequisites of the course's own level: those of a lower one came with the degree admitted with. */
  readonly needs: readonly Subject[];
  /** All that has to be passed before, directly and indirectly, without the course itself. */
  readonly needsInAll: readonly Subject[];
  /** How likely it is chosen where there is a choice, against others. */
  readonly popularity: number;
}

export interface Rule {
  readonly unit: 'COURSES' | 'CREDITS';
  readonly needed: number;
  readonly candidates: readonly Subject[];
}

export interface Study {
  readonly code: string;
  readonly level: Level;
  readonly totalCredits: number;
  readonly creditsPerTerm: number;
  readonly transferCredits: number;
  /** From the narrowest to the widest, so that a course counts where fewest others could. */
  readonly rules: readonly Rule[];
  /** Every course of the degree's level. */
  readonly electives: readonly Subject[];
}

export interface Curriculum {
  readonly subjects: readonly Subject[];
  readonly studies: ReadonlyMap<string, Study>;
}

const POPULARITY_PURPOSE = 100;

export function compileCurriculum(seed: number): Curriculum {
  const subjects = compileSubjects(seed);
  const studies = catalogue.degrees.map((degree): [string, Study] => [
    degree.code,
    compileStudy(degree, subjects),
  ]);
  return { subjects, studies: new Map(studies) };
}

function compileSubjects(seed: number): Subject[] {
  const popularity = zipf(seed);
  const subjects = catalogueCourses.map((course, index) => ({
    ...course,
    index,
    hundred: Number(course.code.at(-3)),
    needs: [] as Subject[],
    needsInAll: [] as Subject[],
    popularity: popularity.get(course.code) ?? 0,
  }));
  const byCode = new Map(subjects.map((subject) => [subject.code, subject]));
  const needsOf = (subject: Subject & { prerequisites: readonly string[] }) =>
    subject.prerequisites
      .map((code) => byCode.get(code))
      .filter((need) => need !== undefined)
      .filter((need) => need.level === subject.level);
  for (const subject of subjects) subject.needs.push(...needsOf(subject));
  const graph = new Map(subjects.map(({ code, needs }) => [code, needs.map((need) => need.code)]));
  for (const subject of subjects) {
    const all = closure([subject.code], graph);
    subject.needsInAll.push(...subjects.filter(({ code }) => code !== subject.code && all.has(code)));
  }
  return subjects;
}

/** Zipf's law with exponent 1, the course of rank r having 1/r of the first one's share. The ranking is chance. */
function zipf(seed: number): ReadonlyMap<string, number> {
  const ranking = new Random(seed, 0, POPULARITY_PURPOSE).shuffled(catalogueCourses.map(({ code }) => code));
  return new Map(ranking.map((code, position) => [code, 1 / (position + 1)]));
}

function compileStudy(degree: CatalogueDegree, subjects: readonly Subject[]): Study {
  const { code, level, totalCredits, requirements, constraints } = degree;
  let [creditsPerTerm, transferCredits] = [18, 0];
  for (const constraint of constraints) {
    if (constraint.kind === 'MAX_CREDITS_PER_TERM') creditsPerTerm = constraint.credits;
    if (constraint.kind === 'MAX_TRANSFER_CREDITS') transferCredits = constraint.credits;
  }
  const rules = requirements.map((rule) => compileRule(rule, subjects)).sort((a, b) => width(a) - width(b));
  const electives = subjects.filter((subject) => subject.level === level);
  return { code, level, totalCredits, creditsPerTerm, transferCredits, rules, electives };
}

/** No choice comes first, choice by number next, choice by credits last. */
const width = ({ unit, needed, candidates }: Rule): number =>
  unit === 'CREDITS' ? 1000 + candidates.length : needed === candidates.length ? 0 : candidates.length;

function compileRule(rule: RequirementRule, subjects: readonly Subject[]): Rule {
  if (rule.kind === 'CREDITS_FROM') {
    const { departments, level, courses } = rule.from;
    const candidates = subjects.filter(
      (subject) =>
        (departments?.includes(subject.department) ?? true) &&
        (level === undefined || subject.level === level) &&
        (courses?.includes(subject.code) ?? true),
    );
    return { unit: 'CREDITS', needed: rule.credits, candidates };
  }
  const candidates = subjects.filter(({ code }) => rule.courses.includes(code));
  const needed = rule.kind === 'ALL_OF' ? candidates.length : rule.choose;
  return { unit: 'COURSES', needed, candidates };
}
