/** A student's day, and everything that may not happen on it. */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Audit,
  AuthStatus,
  Course,
  CoursePage,
  Plan,
  PlanViolation,
  Profile,
  Transcript,
} from '@flowchart/contracts';
import { call, login } from './edge-client.js';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('logging in', () => {
  it('opens a session that logging out ends', async () => {
    const { accessToken: token, tokenType, expiresIn, sessionId } = await login('student2');
    expect([tokenType, expiresIn > 0]).toEqual(['Bearer', true]);

    const status: AuthStatus = (await call('/auth/status', { token })).json;
    expect(status).toMatchObject({ authenticated: true, session: { id: sessionId } });
    expect((await call('/auth/logout', { method: 'POST', token })).status).toBe(204);
    expect((await call('/students/me', { token })).status).toBe(401);
    expect((await call('/auth/status', { token })).json).toEqual({ authenticated: false });
  });

  it.each([
    ['a wrong password', { username: 'student1', password: 'wrong' }, 401],
    ['an unknown user', { username: 'nobody', password: 'flowchart' }, 401],
    ['a user name with a NUL', { username: 'student1\u0000', password: 'flowchart' }, 401],
    ['no password', { username: 'student1' }, 400],
    ['a number for a name', { username: 1, password: 'flowchart' }, 400],
    ['more than was asked', { username: 'student1', password: 'flowchart', admin: true }, 400],
    ['an array', [], 400],
    ['half a document', '{"username":', 400],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
    ['a megabyte', { username: 'x'.repeat(1024 * 1024), password: 'y' }, 413],
  ])('with %s is refused', async (_, body, status) => {
    const answer = await call('/auth/login', { body });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('problem+json'),
    ]);
  });

  it('tells nobody that he is nobody', async () => {
    expect((await call('/auth/status')).json).toEqual({ authenticated: false });
    expect((await call('/auth/status', { token: 'nonsense' })).json).toEqual({ authenticated: false });
  });
});

describe('a token', () => {
  let good: string;
  beforeAll(async () => {
    good = (await login('student3')).accessToken;
  });

  const claims = () =>
    JSON.parse(Buffer.from(good.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>;
  const signed = (header: object, payload: object, key: string) => {
    const content = `${base64url(header)}.${base64url(payload)}`;
    return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  };

  it.each([
    ['missing', () => undefined],
    ['garbage', () => 'garbage'],
    [
      'of another key',
      () => signed({ alg: 'HS256', typ: 'JWT' }, claims(), 'another key of thirty-two characters!'),
    ],
    ['of no algorithm', () => `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims())}.`],
    [
      'with other claims under the old signature',
      () => {
        const [header, , signature] = good.split('.');
        return `${header}.${base64url({ ...claims(), role: 'registrar' })}.${signature}`;
      },
    ],
    ['of 60 KB', () => 'x'.repeat(10_000)],
  ])('that is %s gets 401 and a challenge', async (_, make) => {
    const answer = await call('/students/me', { token: make() });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('of a student opens no registrar doors', async () => {
    expect((await call('/courses', { token: good, body: {} })).status).toBe(403);
    expect((await call('/courses', { body: {} })).status).toBe(401);
  });

  it('cannot be replaced by a header that claims an identity', async () => {
    const headers = {
      'x-flowchart-identity': `${base64url({ alg: 'none' })}.${base64url({ sub: 'student1' })}.`,
    };
    expect((await call('/students/me', { headers })).status).toBe(401);
  });
});

describe('a student', () => {
  let token: string;
  beforeAll(async () => {
    token = (await login('student1')).accessToken;
  });
  const mine = async <T>(path: string): Promise<T> => (await call(`/students/me${path}`, { token })).json;

  it('sees a profile that is private', async () => {
    const answer = await call('/students/me', { token });
    const profile: Profile = answer.json;
    expect(profile.username).toBe('student1');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it("cannot reach another student's record", async () => {
    const { accessToken } = await login('student4');
    const other: Profile = (await call('/students/me', { token: accessToken })).json;
    expect((await call(`/students/${other.id}`, { token })).status).toBe(404);
    expect((await call(`/students/me?id=${other.id}`, { token })).status).toBe(400);
  });

  it('sees a transcript whose average and credits add up', async () => {
    const { entries, gpa, creditsEarned } = await mine<Transcript>('/transcript');
    expect(entries.length).toBeGreaterThan(0);
    expect(creditsEarned).toBeLessThanOrEqual(entries.reduce((sum, { credits }) => sum + credits, 0));
    expect(gpa === null || (gpa >= 0 && gpa <= 4)).toBe(true);
  });

  it('sees how far the degree is', async () => {
    const audit = await mine<Audit>('/audit');
    const profile = await mine<Profile>('');
    expect(audit.degree.code).toBe(profile.degreeCode);
    for (const { satisfied, missing } of audit.requirements) expect(satisfied).toBe(missing === null);
  });
});

describe('planning courses', () => {
  let token: string;
  let fresh: Course;

  beforeAll(async () => {
    token = (await login('student5')).accessToken;
    const { entries }: Transcript = (await call('/students/me/transcript', { token })).json;
    const { items }: CoursePage = (await call('/courses?term=FALL&limit=100')).json;
    const taken = new Set(entries.map(({ code }) => code));
    fresh = items.find(({ prerequisites, code }) => prerequisites.length === 0 && !taken.has(code)) as Course;
  });

  const save = (terms: unknown, ifMatch: string | undefined) =>
    call('/students/me/plan', {
      method: 'PUT',
      token,
      body: { terms },
      headers: ifMatch ? { 'if-match': ifMatch } : {},
    });
  const current = () => call('/students/me/plan', { token });

  it('saves what is allowed and shows it again', async () => {
    const before = await current();
    const saved = await save(
      [{ term: '2030-FALL', courses: [fresh.code] }],
      before.headers.get('etag') as string,
    );
    expect(saved.status).toBe(200);
    const plan: Plan = saved.json;
    expect(plan.terms).toEqual([{ term: '2030-FALL', courses: [fresh.code], credits: fresh.credits }]);
    const after = await current();
    expect(after.json).toEqual(plan);
    expect(after.headers.get('etag')).toBe(saved.headers.get('etag'));
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });

  it('needs to know what it replaces', async () => {
    expect((await save([], undefined)).status).toBe(428);
    expect((await save([], '"stale"')).status).toBe(412);
  });

  it('lets exactly one of many who save at once win', async () => {
    const etag = (await current()).headers.get('etag') as string;
    const answers = await Promise.all(Array.from({ length: 8 }, () => save([], etag)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
  });

  it('lists every rule that a plan breaks', async () => {
    const etag = (await current()).headers.get('etag') as string;
    const { items }: CoursePage = (await call('/courses?limit=100&term=FALL')).json;
    const heavy = items.slice(0, 20).map(({ code }) => code);
    const answer = await save(
      [
        { term: '2030-FALL', courses: [fresh.code, 'ZZ199'] },
        {
          term: '2031-FALL',
          courses: [fresh.code, ...heavy.filter((code) => code !== fresh.code).slice(0, 19)],
        },
      ],
      etag,
    );
    expect(answer.status).toBe(422);
    const { violations }: { violations: PlanViolation[] } = answer.json;
    const rules = new Set(violations.map(({ rule }) => rule));
    for (const rule of ['UNKNOWN_COURSE', 'DUPLICATE', 'CREDIT_LIMIT'] as const)
      expect(rules).toContain(rule);
    expect((await current()).headers.get('etag')).toBe(etag);
  });

  it('refuses a course before what it requires', async () => {
    const etag = (await current()).headers.get('etag') as string;
    const { items }: CoursePage = (
      await call('/courses?level=GRADUATE&department=Computer%20Science&limit=100')
    ).json;
    const chained = items.find(({ prerequisites }) =>
      prerequisites.some((code) => /^CS[5-7]/.test(code)),
    ) as Course;
    const answer = await save([{ term: `2030-${chained.terms[0]}`, courses: [chained.code] }], etag);
    // A student who has passed them all may take it; then there is nothing to refuse.
    if (answer.status === 200) return;
    expect(answer.json).toMatchObject({ violations: [{ rule: 'PREREQUISITE', course: chained.code }] });
  });

  it.each([
    ['a term that is none', [{ term: '2030-WINTER', courses: [] }]],
    ['a list that is none', 'everything'],
    ['a code that is none', [{ term: '2030-FALL', courses: ['💥'] }]],
    ['null', null],
  ])('refuses %s with 400', async (_, terms) => {
    expect((await save(terms, '"0"')).status).toBe(400);
  });
});
