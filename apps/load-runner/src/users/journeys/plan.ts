// Changing the plan by a small valid step: a course without prerequisites is put into a term of its own, or taken out again.

import type { Plan, Profile, Transcript } from '@flowchart/contracts';
import { endpoint } from '../endpoint.js';
import type { Answer, Journey } from '../step.js';
import type { User } from '../user.js';
import { ask } from './session.js';

const read = endpoint('getPlan');
const save = endpoint('savePlan');

type Terms = { term: string; courses: string[] }[];

const conflict: readonly number[] = [412];
/** No degree limits a term to fewer credits than one ordinary course has. */
const maxCredits = 4;

export function* changePlan(user: User, me: Profile, record: Transcript): Journey {
  // A second tab of the same student may save in between: read again and try once more, as a person would.
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = yield* ask(user, read);
    if (!answer) return;
    const etag = answer.header('etag');
    const plan = answer.json() as Plan;
    user.check(
      'the plan has an ETag and is the student’s own',
      etag !== undefined && plan.studentId === me.id,
    );
    if (etag === undefined || !user.session) return;

    const terms = nextPlan(user, me, record, plan);
    const saved = yield user.withToken(save, user.session, {
      headers: `If-Match: ${etag}\r\n`,
      body: { terms },
      alsoExpected: conflict,
    });
    if (saved.status !== 412) {
      if (saved.expected) confirm(user, { before: plan, terms, answer: saved });
      return;
    }
    user.tally.count('planConflicts');
  }
}

function nextPlan(user: User, me: Profile, record: Transcript, plan: Plan): Terms {
  const terms: Terms = plan.terms.map(({ term, courses }) => ({ term, courses }));
  const taken = new Set([
    ...record.entries.map((entry) => entry.code),
    ...terms.flatMap((term) => term.courses),
  ]);
  const last = terms.at(-1);
  // Take out what an earlier visit put in, so that plans do not grow without end.
  if (last && last.courses.length === 1 && isFree(user, last.courses[0])) return terms.slice(0, -1);
  const candidates = user.catalogue.courses.filter(
    (course) =>
      course.free &&
      course.level === me.level &&
      course.credits <= maxCredits &&
      course.terms.includes('FALL') &&
      !taken.has(course.code),
  );
  if (candidates.length === 0) return terms;
  return [...terms, { term: termAfter(record, plan), courses: [user.random.pick(candidates).code] }];
}

const isFree = (user: User, code: string | undefined): boolean =>
  user.catalogue.courses.some((course) => course.code === code && course.free);

/** The autumn after everything that the student took or planned. */
function termAfter(record: Transcript, plan: Plan): string {
  const years = [...record.entries, ...plan.terms].map(({ term }) => Number(term.slice(0, 4)));
  return `${Math.max(new Date().getFullYear(), ...years) + 1}-FALL`;
}

interface Saved {
  readonly before: Plan;
  readonly terms: Terms;
  readonly answer: Answer;
}

function confirm(user: User, { before, terms, answer }: Saved): void {
  const after = answer.json() as Plan;
  const sameCourses =
    terms.flatMap((term) => term.courses).join() === after.terms.flatMap((term) => term.courses).join();
  user.check(
    'the plan is saved as a new version',
    after.version > before.version &&
      answer.header('etag')?.includes(String(after.version)) === true &&
      sameCourses,
  );
  const { username } = user.session ?? {};
  if (username !== undefined) user.tally.acknowledged({ username, version: after.version, terms });
}
