// A student's session: logging in and out, and reading under its token.

import { endpoint, type Endpoint } from '../endpoint.js';
import type { Answer, Journey, Part } from '../step.js';
import type { Session, User } from '../user.js';

const login = endpoint('login');
const logout = endpoint('logout');

/** Seeded demo accounts share it. */
export const password = 'flowchart';

/** A read under the session's token. A dead session is noticed by its 401, and the same student logs in again, once. */
export function* ask(user: User, what: Endpoint): Part<Answer | undefined> {
  let username: string | undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    const session = user.session ?? (yield* logIn(user, username));
    if (!session) return undefined;
    const answer = yield user.withToken(what, session);
    if (answer.expected) return answer;
    if (answer.status !== 401) return undefined;
    username = session.username;
    user.session = undefined;
    user.tally.count('loginsRepeated');
  }
  return undefined;
}

/** As a student of no account in particular, unless it has to be the same as before. */
export function* logIn(user: User, before?: string): Part<Session | undefined> {
  const username = before ?? `student${user.random.below(user.students) + 1}`;
  const answer = yield user.step(login, login.path, { body: { username, password } });
  if (!answer.expected) return undefined;
  const { accessToken } = answer.json() as { accessToken?: unknown };
  const given = typeof accessToken === 'string' && accessToken.length > 0;
  user.check('login gives a token', given);
  if (!given) return undefined;
  user.session = { username, authorization: `Authorization: Bearer ${accessToken}\r\n` };
  return user.session;
}

export function* logOut(user: User, session: Session): Journey {
  user.session = undefined;
  const answer = yield user.withToken(logout, session);
  if (answer.expected) user.tally.loggedOut(session.authorization);
}
