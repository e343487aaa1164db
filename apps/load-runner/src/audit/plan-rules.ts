// The rules of a plan once more, written from the API's description alone: what the system under test thinks of it does not count.

import {
  isPassing,
  termIndex,
  type Constraint,
  type Course,
  type Plan,
  type Profile,
  type Transcript,
} from '@flowchart/contracts';

export interface PlanCircumstances {
  readonly profile: Pick<Profile, 'level' | 'admittedTerm'>;
  readonly transcript: Pick<Transcript, 'entries'>;
  readonly constraints: readonly Constraint[];
  readonly courses: ReadonlyMap<string, Course>;
}

/** Every breach of a rule, in words; none for a plan that may stand. */
export function breaches({ terms }: Pick<Plan, 'terms'>, circumstances: PlanCircumstances): string[] {
  const inTime = [...terms].sort((one, other) => termIndex(one.term) - termIndex(other.term));
  const everywhere = inTime.flatMap(({ term, courses }) => courses.map((code) => ({ term, code })));
  return [
    ...inTime.flatMap((planned) => breachesOfTerm(planned, circumstances)),
    ...repeated(inTime.map(({ term }) => term)).map((term) => `${term} is there twice`),
    ...repeated(everywhere.map(({ code }) => code)).map((code) => `${code} is planned twice`),
    ...everywhere.flatMap(({ term, code }) => breachesOfCourse(code, term, { everywhere, circumstances })),
  ];
}

function breachesOfTerm(
  { term, courses: codes }: Plan['terms'][number],
  { profile, transcript, constraints, courses }: PlanCircumstances,
): string[] {
  const found: string[] = [];
  const studied = Math.max(-Infinity, ...transcript.entries.map((entry) => termIndex(entry.term)));
  if (termIndex(term) < termIndex(profile.admittedTerm) || termIndex(term) <= studied) {
    found.push(`${term} is over for the student`);
  }
  const credits = codes.reduce((sum, code) => sum + (courses.get(code)?.credits ?? 0), 0);
  for (const limit of constraints) {
    if (limit.kind === 'MAX_CREDITS_PER_TERM' && credits > limit.credits)
      found.push(`${term} has ${credits} credits, ${limit.credits} are allowed`);
  }
  return found;
}

interface Whole {
  readonly everywhere: readonly { readonly term: string; readonly code: string }[];
  readonly circumstances: PlanCircumstances;
}

function breachesOfCourse(code: string, term: string, { everywhere, circumstances }: Whole): string[] {
  const { profile, transcript, courses } = circumstances;
  const course = courses.get(code);
  if (!course) return [`the catalogue has no ${code}`];
  const passed = (wanted: string) => isPassed(wanted, transcript);
  const earlier = (wanted: string) =>
    everywhere.some((other) => other.code === wanted && termIndex(other.term) < termIndex(term));
  // A graduate student has learned at another university what an undergraduate course teaches.
  const presumed = (wanted: string) =>
    profile.level === 'GRADUATE' && courses.get(wanted)?.level === 'UNDERGRADUATE';
  const found = course.prerequisites
    .filter((needed) => !passed(needed) && !earlier(needed) && !presumed(needed))
    .map((needed) => `${code} in ${term} needs ${needed} before it`);
  if (!course.terms.some((season) => term.endsWith(season))) found.push(`${code} is not offered in ${term}`);
  if (passed(code)) found.push(`${code} is passed already`);
  return found;
}

const repeated = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

/** Of several attempts the last one stands; a withdrawal is none. */
function isPassed(code: string, { entries }: PlanCircumstances['transcript']): boolean {
  const last = entries
    .filter((entry) => entry.code === code && entry.grade !== 'W')
    .reduce<(typeof entries)[number] | undefined>(
      (latest, entry) => (latest && termIndex(latest.term) > termIndex(entry.term) ? latest : entry),
      undefined,
    );
  return last !== undefined && isPassing(last.grade);
}
