// Students out of nothing but a seed and a number: student n is the same whoever else is made, so that sizes nest
// and a load can be split.
import { type Profile, termAt, type TranscriptEntry } from '@flowchart/contracts';
import { firstOpenIndex } from './calendar.js';
import { compileCurriculum, type Curriculum, type Study } from './curriculum.js';
import { simulateHistory } from './history.js';
import { addressPart, familyNames, givenNames } from './names.js';
import { Random } from './random.js';
import { studentId } from './student-id.js';

/** Chosen so that `student1` is a master's student of computer science half way through. */
export const datasetSeed = 2042;

const purposes = { admission: 0, person: 1, history: 2 } as const;
const FALL_SHARE = 0.8;

/** Out of a hundred students. */
const degreeShares: Readonly<Record<string, number>> = {
  BSCS: 18,
  BSBIO: 14,
  BSEE: 11,
  BAENGL: 10,
  MSCS: 10,
  MBA: 9,
  BSMATH: 6,
  BSSTAT: 6,
  BSPHYS: 5,
  MSDS: 5,
  MSEE: 4,
  MSMATH: 2,
};
const degreeCodes = Object.keys(degreeShares);

/** Share of those admitted this year, last year, the year before and so on; those of this year have only just come. */
const cohortShares = {
  UNDERGRADUATE: [8, 24, 22, 20, 18, 8],
  GRADUATE: [15, 40, 35, 10],
} as const;

interface Admission {
  readonly study: Study;
  readonly termIndex: number;
}

export class StudentGenerator {
  private readonly curriculum: Curriculum;

  constructor(private readonly seed: number = datasetSeed) {
    this.curriculum = compileCurriculum(seed);
  }

  /** Student `n`, counted from 1. */
  profile(n: number): Profile {
    const { study, termIndex: admitted } = this.admission(n);
    const random = new Random(this.seed, n, purposes.person);
    const [given, family] = [random.pick(givenNames), random.pick(familyNames)];
    return {
      id: studentId(n),
      username: `student${n}`,
      name: `${given} ${family}`,
      email: `${addressPart(given)}.${addressPart(family)}.${n}@students.flowchart.example`,
      level: study.level,
      degreeCode: study.code,
      admittedTerm: termAt(admitted),
    };
  }

  /** What student `n` has taken so far, oldest first. */
  transcript(n: number): TranscriptEntry[] {
    const { study, termIndex: admitted } = this.admission(n);
    return simulateHistory(study, admitted, new Random(this.seed, n, purposes.history));
  }

  private admission(n: number): Admission {
    const random = new Random(this.seed, n, purposes.admission);
    const code = random.pickWeighted(degreeCodes, (degree) => degreeShares[degree] ?? 0);
    const study = this.curriculum.studies.get(code);
    if (!study) throw new Error(`the catalogue has no degree ${code}`);
    const shares = cohortShares[study.level];
    const yearsAgo = random.pickWeighted([...shares.keys()], (years) => shares[years] ?? 0);
    const fall = firstOpenIndex - 3 * yearsAgo;
    const inFall = yearsAgo === 0 || random.happens(FALL_SHARE);
    return { study, termIndex: inFall ? fall : fall + 1 };
  }
}
