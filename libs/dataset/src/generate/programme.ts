// What one student sets out to take: every rule of the degree met, with electives by popularity.
import type { Rule, Study, Subject } from './curriculum.js';
import type { Random } from './random.js';

/** An elective may bring along this many courses that it needs and that are not in the programme anyway. */
const TOLERATED_DETOUR_COURSES = 1;

/** The courses of a degree as this student chose them, each after all that it needs. */
export function chooseProgramme(study: Study, random: Random): Subject[] {
  const programme = new Programme(random);
  for (const rule of study.rules) programme.meet(rule);
  programme.fillUp(study);
  return programme.courses();
}

class Programme {
  private readonly chosen = new Set<Subject>();
  /** Courses that already count for a rule: each counts once. */
  private readonly counted = new Set<Subject>();

  constructor(private readonly random: Random) {}

  courses(): Subject[] {
    return [...this.chosen];
  }

  meet({ unit, needed, candidates }: Rule): void {
    let open = needed;
    const count = (subject: Subject) => {
      this.add(subject);
      this.counted.add(subject);
      open -= unit === 'COURSES' ? 1 : subject.credits;
    };
    if (unit === 'COURSES' && needed === candidates.length) return candidates.forEach(count);
    for (const subject of candidates) {
      if (open > 0 && this.chosen.has(subject) && !this.counted.has(subject)) count(subject);
    }
    while (open > 0) {
      const subject = this.choose(candidates);
      if (!subject) return;
      count(subject);
    }
  }

  fillUp({ totalCredits, electives }: Study): void {
    let credits = 0;
    for (const subject of this.chosen) credits += subject.credits;
    while (credits < totalCredits) {
      const subject = this.choose(electives);
      if (!subject) return;
      this.add(subject);
      credits += subject.credits;
    }
  }

  private choose(candidates: readonly Subject[]): Subject | undefined {
    const open = candidates.filter((subject) => !this.chosen.has(subject));
    if (open.length === 0) return undefined;
    const near = open.filter((subject) => this.detour(subject) <= TOLERATED_DETOUR_COURSES);
    return this.random.pickWeighted(near.length > 0 ? near : open, ({ popularity }) => popularity);
  }

  private detour({ needsInAll }: Subject): number {
    let courses = 0;
    for (const need of needsInAll) if (!this.chosen.has(need)) courses++;
    return courses;
  }

  private add(subject: Subject): void {
    for (const need of subject.needs) if (!this.chosen.has(need)) this.add(need);
    this.chosen.add(subject);
  }
}
