// A student at work: log in, look at profile, transcript and audit, change the plan, now and then log out.

import type { AuthStatus, Profile, Transcript } from '@flowchart/contracts';
import { endpoint } from '../endpoint.js';
import type { Journey, Part } from '../step.js';
import type { User } from '../user.js';
import { changePlan } from './plan.js';
import { ask, logIn, logOut } from './session.js';

const status = endpoint('getAuthStatus');
const profile = endpoint('getProfile');
const transcript = endpoint('getTranscript');
const audit = endpoint('getAudit');

/** Most people close the tab; few log out. */
const logoutProbability = 0.1;
/** How often a visit ends in a change of the plan. */
const planProbability = 0.4;

export function* student(user: User): Journey {
  if (!user.session && !(yield* logIn(user))) return;
  const me = yield* whoAmI(user);
  const record = me && (yield* study(user, me));
  if (record && user.random.chance(planProbability)) yield* changePlan(user, me, record);
  if (user.session && user.random.chance(logoutProbability)) yield* logOut(user, user.session);
}

function* whoAmI(user: User): Part<Profile | undefined> {
  const who = yield* ask(user, status);
  if (!who) return undefined;
  user.check('the session is live', (who.json() as AuthStatus).authenticated);

  const mine = yield* ask(user, profile);
  if (!mine) return undefined;
  const me = mine.json() as Profile;
  user.check('the profile is the student’s own', me.username === user.session?.username);
  return me;
}

function* study(user: User, me: Profile): Part<Transcript | undefined> {
  const past = yield* ask(user, transcript);
  if (!past) return undefined;
  const record = past.json() as Transcript;
  user.check(
    'the transcript has entries and credits',
    Array.isArray(record.entries) && record.creditsEarned >= 0,
  );

  const progress = yield* ask(user, audit);
  if (!progress) return undefined;
  user.check(
    'the audit is of the student’s degree',
    progress.includes(Buffer.from(`"code":"${me.degreeCode}"`)),
  );
  return record;
}
