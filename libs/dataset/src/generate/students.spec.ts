// What every generated student has in common: transcripts that a registrar's office would let pass.
import { describe, expect, it } from '@jest/globals';
import {
  isPassing,
  type Profile,
  profileSchema,
  termIndex,
  type TranscriptEntry,
  transcriptEntrySchema,
} from '@flowchart/contracts';
import { catalogue, catalogueCourses } from '../catalogue/catalogue.js';
import { firstOpenTerm, lastCompletedTerm } from './calendar.js';
import { compileCurriculum } from './curriculum.js';
import { addressPart, familyNames, givenNames } from './names.js';
import { Random } from './random.js';
import { datasetSeed, StudentGenerator } from './students.js';

const STUDENTS = 2000;

const courses = new Map(catalogueCourses.map((course) => [course.code, course]));
const degrees = new Map(catalogue.degrees.map((degree) => [degree.code, degree]));
const generator = new StudentGenerator();

interface Student {
  readonly profile: Profile;
  readonly entries: readonly TranscriptEntry[];
}

const students: readonly Student[] = Array.from({ length: STUDENTS }, (_, i) => ({
  profile: generator.profile(i + 1),
  entries: generator.transcript(i + 1),
}));

const seasonOf = (term: string): string => term.slice(5);

/** Lines that say which student breaks a rule, so that a failure names the culprit. */
const offenders = (breaks: (student: Student) => string[]): string[] =>
  students.flatMap((student) => breaks(student).map((what) => `${student.profile.username}: ${what}`));

const limitOf = (degreeCode: string, kind: 'MAX_CREDITS_PER_TERM' | 'MAX_TRANSFER_CREDITS'): number => {
  const constraint = degrees.get(degreeCode)?.constraints.find((each) => each.kind === kind);
  return constraint && 'credits' in constraint ? constraint.credits : 0;
};

/** Codes that stand as passed when `term` begins: the last attempt counts, a withdrawal is none. */
function passedBefore(term: string, entries: readonly TranscriptEntry[]): Set<string> {
  const passed = new Set<string>();
  for (const { code, grade, term: then, transfer } of entries) {
    const earlier = termIndex(then) < termIndex(term) || (transfer && then === term);
    if (!earlier || grade === 'W') continue;
    if (isPassing(grade)) passed.add(code);
    else passed.delete(code);
  }
  return passed;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0);

describe('a generated student', () => {
  it('has a profile and entries in the shape of the contract', () => {
    for (const { profile, entries } of students.slice(0, 200)) {
      expect(profileSchema.parse(profile)).toEqual(profile);
      for (const entry of entries) expect(transcriptEntrySchema.parse(entry)).toEqual(entry);
    }
  });

  it('is the same whoever is made before', () => {
    const another = new StudentGenerator();
    for (const n of [1999, 3, 1000]) {
      expect({ profile: another.profile(n), entries: another.transcript(n) }).toEqual(students[n - 1]);
    }
  });

  it('is another one under another seed', () => {
    expect(new StudentGenerator(datasetSeed + 1).transcript(1)).not.toEqual(students[0]?.entries);
  });

  it('has an id and an email address of its own', () => {
    expect(new Set(students.map(({ profile }) => profile.id)).size).toBe(STUDENTS);
    expect(new Set(students.map(({ profile }) => profile.email)).size).toBe(STUDENTS);
  });

  it('took only courses whose prerequisites of the same level were passed before', () => {
    const breaks = ({ entries }: Student) =>
      entries.flatMap(({ code, term }) => {
        const passed = passedBefore(term, entries);
        const course = courses.get(code);
        return (course?.prerequisites ?? [])
          .filter((need) => courses.get(need)?.level === course?.level && !passed.has(need))
          .map((need) => `${code} in ${term} without ${need}`);
      });
    expect(offenders(breaks)).toEqual([]);
  });

  it('took courses only in terms in which they are offered', () => {
    const breaks = ({ entries }: Student) =>
      entries
        .filter(({ code, term, transfer }) => {
          const offered: readonly string[] = courses.get(code)?.terms ?? [];
          return !transfer && !offered.includes(seasonOf(term));
        })
        .map(({ code, term }) => `${code} in ${term}`);
    expect(offenders(breaks)).toEqual([]);
  });

  it('stays within the credit limit of each term and that of transferred credits', () => {
    const breaks = ({ profile: { degreeCode }, entries }: Student) => {
      const own = entries.filter(({ transfer }) => !transfer);
      const heaviest = [...new Set(own.map(({ term }) => term))].filter(
        (term) =>
          sum(own.filter((entry) => entry.term === term).map(({ credits }) => credits)) >
          limitOf(degreeCode, 'MAX_CREDITS_PER_TERM'),
      );
      const transferred = sum(entries.filter(({ transfer }) => transfer).map(({ credits }) => credits));
      return transferred > limitOf(degreeCode, 'MAX_TRANSFER_CREDITS') ? [...heaviest, 'transfer'] : heaviest;
    };
    expect(offenders(breaks)).toEqual([]);
  });

  it('took nothing before the admission or after the last completed term, oldest first', () => {
    const breaks = ({ profile, entries }: Student) => {
      const terms = entries.map(({ term }) => termIndex(term));
      const inside = terms.every(
        (term) => term >= termIndex(profile.admittedTerm) && term <= termIndex(lastCompletedTerm),
      );
      const ordered = terms.every((term, i) => i === 0 || term >= (terms[i - 1] ?? 0));
      return inside && ordered ? [] : ['terms out of range or order'];
    };
    expect(offenders(breaks)).toEqual([]);
  });

  it('repeats a course only after a failure, a withdrawal or a D, and never within a term', () => {
    const breaks = ({ entries }: Student) =>
      entries.flatMap(({ code, term }, i) => {
        const before = entries.slice(0, i).filter((entry) => entry.code === code);
        const last = before.findLast(({ grade }) => grade !== 'W');
        const settled = last !== undefined && last.grade !== 'D' && isPassing(last.grade);
        return settled || before.some((entry) => entry.term === term) ? [`${code} again in ${term}`] : [];
      });
    expect(offenders(breaks)).toEqual([]);
  });

  it('records title and credits as the catalogue has them', () => {
    const breaks = ({ entries }: Student) =>
      entries
        .filter(({ code, title, credits }) => {
          const course = courses.get(code);
          return course?.title !== title || course.credits !== credits;
        })
        .map(({ code }) => code);
    expect(offenders(breaks)).toEqual([]);
  });

  it('takes courses of the own level alone', () => {
    const breaks = ({ profile, entries }: Student) =>
      entries.filter(({ code }) => courses.get(code)?.level !== profile.level).map(({ code }) => code);
    expect(offenders(breaks)).toEqual([]);
  });
});

const all = students.flatMap(({ entries }) => entries);

describe('the students together', () => {
  const share = (matches: (entry: TranscriptEntry) => boolean): number =>
    all.filter(matches).length / all.length;

  it('study every degree, BSCS most of all', () => {
    const perDegree = [...degrees.keys()].map(
      (code) => students.filter(({ profile }) => profile.degreeCode === code).length,
    );
    expect(Math.min(...perDegree)).toBeGreaterThan(0);
    const bscs = students.filter(({ profile }) => profile.degreeCode === 'BSCS').length;
    expect(bscs).toBe(Math.max(...perDegree));
  });

  it('are new, under way and nearly done', () => {
    const earned = students.map(({ entries }) =>
      sum(entries.filter(({ grade }) => isPassing(grade)).map(({ credits }) => credits)),
    );
    const progress = earned.map((credits, i) => {
      const degree = degrees.get(students[i]?.profile.degreeCode ?? '');
      return credits / (degree?.totalCredits ?? 1);
    });
    const between = (low: number, high: number) =>
      progress.filter((share) => share >= low && share < high).length / STUDENTS;
    expect(between(0, 0.01)).toBeGreaterThan(0.05);
    expect(between(0.1, 0.9)).toBeGreaterThan(0.5);
    expect(between(0.9, 2)).toBeGreaterThan(0.05);
    const fresh = students.filter(({ entries }) => entries.length === 0);
    expect(new Set(fresh.map(({ profile }) => profile.admittedTerm))).toContain(firstOpenTerm);
  });

  it('fail, withdraw, repeat and transfer now and then', () => {
    expect(share(({ grade }) => grade === 'F')).toBeGreaterThan(0.01);
    expect(share(({ grade }) => grade === 'F')).toBeLessThan(0.06);
    expect(share(({ grade }) => grade === 'W')).toBeGreaterThan(0.01);
    expect(share(({ transfer }) => transfer)).toBeGreaterThan(0.01);
    const repeats = students.filter(
      ({ entries }) => new Set(entries.map(({ code }) => code)).size < entries.length,
    );
    expect(repeats.length).toBeGreaterThan(STUDENTS / 10);
  });
});

describe('the popularity of courses', () => {
  const { subjects } = compileCurriculum(datasetSeed);
  const ranked = subjects.toSorted((a, b) => b.popularity - a.popularity);

  it('follows Zipf’s law: the course of rank r is chosen a r-th as often as the first', () => {
    const random = new Random(1, 1, 1);
    const picks = new Map<string, number>();
    for (let i = 0; i < 50_000; i++) {
      const { code } = random.pickWeighted(subjects, ({ popularity }) => popularity);
      picks.set(code, (picks.get(code) ?? 0) + 1);
    }
    const first = picks.get(ranked[0]?.code ?? '') ?? 0;
    for (const rank of [2, 3, 5, 10, 20]) {
      const times = picks.get(ranked[rank - 1]?.code ?? '') ?? 0;
      // Four standard deviations of a count that small, relative to the law.
      expect(Math.abs((times * rank) / first - 1)).toBeLessThan(4 / Math.sqrt(first / rank));
    }
  });

  it('shows in what students take where nothing obliges them', () => {
    // Open to freshmen or nearly so, and wanted for nothing but themselves: neither by a rule nor by another course.
    const wanted = new Set([
      ...catalogueCourses.flatMap(({ prerequisites }) => prerequisites),
      ...catalogue.degrees.flatMap(({ requirements }) =>
        requirements.flatMap((rule) => (rule.kind === 'CREDITS_FROM' ? [] : rule.courses)),
      ),
    ]);
    const composition = new Set(['ENGL101', 'ENGL102']);
    const free = ranked.filter(
      ({ code, level, needs }) =>
        level === 'UNDERGRADUATE' && !wanted.has(code) && needs.every((need) => composition.has(need.code)),
    );
    const taken = new Map<string, number>();
    for (const { code } of all) taken.set(code, (taken.get(code) ?? 0) + 1);
    const times = free.map(({ code }) => taken.get(code) ?? 0);
    expect(free.length).toBeGreaterThanOrEqual(4);
    expect(sum(times.slice(0, 2))).toBeGreaterThan(3 * sum(times.slice(-2)));
  });
});

describe('names in email addresses', () => {
  it('are plain letters for every name there is', () => {
    const odd = [...givenNames, ...familyNames].filter((name) => !/^[a-z]{2,}$/.test(addressPart(name)));
    expect(odd).toEqual([]);
  });
});
