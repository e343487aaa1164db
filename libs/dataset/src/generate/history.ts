// One student's years so far, term by term: what was taken, how it went, and what had to be taken again.
import { type Grade, isPassing, termAt, type Term, type TranscriptEntry } from '@flowchart/contracts';
import { lastCompletedIndex } from './calendar.js';
import type { Study, Subject } from './curriculum.js';
import { chooseProgramme } from './programme.js';
import type { Random } from './random.js';

const FULL_TIME_SHARE = 0.85;
const SUMMER_SHARE = 0.25;
const TRANSFER_SHARE = 0.15;
const PAUSE_CHANCE = 0.03;
const WITHDRAWAL_CHANCE = 0.025;
const PASS_FAIL_CHANCE = 0.02;
const IMPROVE_D_CHANCE = 0.3;
const MOST_TRANSFERRED_CREDITS = 30;
const HIGHEST_TRANSFERRED_HUNDRED = 2;
/** How much of a grade is the student, the rest being the day. */
const ABILITY_SHARE = 0.6;
/** Graduate students were selected: the lowest quarter of the scale is not theirs. */
const GRADUATE_HEAD_START = 0.25;

/** Least score for each grade; gives undergraduates a mean near 2.8 and graduates one near 3.5. */
const grading: readonly [leastScore: number, grade: Grade][] = [
  [0.68, 'A'],
  [0.61, 'A-'],
  [0.55, 'B+'],
  [0.48, 'B'],
  [0.43, 'B-'],
  [0.38, 'C+'],
  [0.31, 'C'],
  [0.27, 'C-'],
  [0.2, 'D'],
  [0, 'F'],
];

/** The transcript up to the last completed term. */
export function simulateHistory(study: Study, admittedIndex: number, random: Random): TranscriptEntry[] {
  if (admittedIndex > lastCompletedIndex) return [];
  const history = new History(study, admittedIndex, random);
  history.transferIn();
  for (let term = admittedIndex; term <= lastCompletedIndex; term++) history.spend(term);
  return history.entries;
}

class History {
  readonly entries: TranscriptEntry[] = [];
  private readonly programme: readonly Subject[];
  private readonly open: Set<Subject>;
  private readonly passed = new Set<Subject>();
  private readonly ability: number;
  private readonly fullTime: boolean;
  private readonly attendsSummers: boolean;

  constructor(
    private readonly study: Study,
    private readonly admittedIndex: number,
    private readonly random: Random,
  ) {
    this.ability = (random.fraction() + random.fraction()) / 2;
    this.fullTime = random.happens(FULL_TIME_SHARE);
    this.attendsSummers = random.happens(SUMMER_SHARE);
    // Lower levels first, but not strictly: nobody takes all of them before the first of the next.
    this.programme = chooseProgramme(study, random)
      .map((subject) => ({ subject, order: subject.hundred + random.fraction() * 1.5 }))
      .sort((a, b) => a.order - b.order)
      .map(({ subject }) => subject);
    this.open = new Set(this.programme);
  }

  /** Introductory courses passed elsewhere, recorded with the first term. */
  transferIn(): void {
    if (!this.random.happens(TRANSFER_SHARE)) return;
    const limit = Math.min(this.study.transferCredits, MOST_TRANSFERRED_CREDITS);
    let left = this.random.between(3, Math.max(3, limit));
    for (const subject of this.programme) {
      if (subject.credits > left || !this.isTransferable(subject)) continue;
      left -= subject.credits;
      this.record(subject, this.admittedIndex, { grade: 'P', transfer: true });
    }
  }

  spend(term: number): void {
    const season = termAt(term).slice(5) as Term;
    if (season === 'SUMMER' && !this.attendsSummers) return;
    if (term !== this.admittedIndex && this.random.happens(PAUSE_CHANCE)) return;
    // Chosen before any is graded: what is passed this term opens courses of the next.
    const courses = this.choose(season, this.load(season));
    for (const subject of courses)
      this.record(subject, term, { grade: this.grade(subject), transfer: false });
  }

  private choose(season: Term, loadCredits: number): Subject[] {
    const courses: Subject[] = [];
    let left = loadCredits;
    for (const subject of this.programme) {
      const possible = this.open.has(subject) && subject.terms.includes(season) && this.mayTake(subject);
      if (!possible || subject.credits > left) continue;
      courses.push(subject);
      left -= subject.credits;
    }
    return courses.sort((a, b) => a.index - b.index);
  }

  private mayTake({ needs }: Subject): boolean {
    return needs.every((need) => this.passed.has(need));
  }

  private isTransferable(subject: Subject): boolean {
    const introductory = subject.level === 'GRADUATE' || subject.hundred <= HIGHEST_TRANSFERRED_HUNDRED;
    return introductory && this.mayTake(subject);
  }

  private load(season: Term): number {
    const { random, study } = this;
    const graduate = study.level === 'GRADUATE';
    if (season === 'SUMMER') return random.between(3, graduate ? 4 : 7);
    if (!this.fullTime) return random.between(graduate ? 3 : 6, graduate ? 6 : 9);
    return Math.min(study.creditsPerTerm, random.between(graduate ? 9 : 13, graduate ? 12 : 17));
  }

  private grade({ level, hundred }: Subject): Grade {
    if (this.random.happens(WITHDRAWAL_CHANCE)) return 'W';
    const score = this.ability * ABILITY_SHARE + this.random.fraction() * (1 - ABILITY_SHARE);
    const raised = level === 'GRADUATE' ? GRADUATE_HEAD_START + score * (1 - GRADUATE_HEAD_START) : score;
    const grade = grading.find(([least]) => raised >= least)?.[1] ?? 'F';
    const passFail = hundred <= HIGHEST_TRANSFERRED_HUNDRED && this.random.happens(PASS_FAIL_CHANCE);
    return passFail && isPassing(grade) ? 'P' : grade;
  }

  /** The last attempt stands; a withdrawal is none. */
  private record(
    subject: Subject,
    term: number,
    { grade, transfer }: { grade: Grade; transfer: boolean },
  ): void {
    const { code, title, credits } = subject;
    this.entries.push({ term: termAt(term), code, title, credits, grade, transfer });
    if (grade === 'W') return;
    if (!isPassing(grade)) {
      this.passed.delete(subject);
      this.open.add(subject);
      return;
    }
    this.passed.add(subject);
    if (grade !== 'D' || !this.random.happens(IMPROVE_D_CHANCE)) this.open.delete(subject);
  }
}
