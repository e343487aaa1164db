// The journeys against a stand-in of the edge: they pass on right answers, and notice wrong ones.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AcknowledgedPlan } from '../../audit/ledger.js';
import { FakeEdge } from '../../testing/fake-edge.js';
import { Caller } from '../../testing/settled.js';
import { discoverCatalogue, type Catalogue } from '../catalogue.js';
import { Random } from '../random.js';
import type { Journey } from '../step.js';
import { User } from '../user.js';
import { journeys } from './index.js';

class Tallied {
  readonly passed = new Set<string>();
  readonly failed = new Set<string>();
  readonly counts = { loginsRepeated: 0, planConflicts: 0 };
  check(name: string, ok: boolean): void {
    (ok ? this.passed : this.failed).add(name);
  }
  readonly plans: AcknowledgedPlan[] = [];
  readonly ended: string[] = [];
  acknowledged(plan: AcknowledgedPlan): void {
    this.plans.push(plan);
  }
  loggedOut(authorization: string): void {
    this.ended.push(authorization);
  }
  count(name: 'loginsRepeated' | 'planConflicts'): void {
    this.counts[name]++;
  }
}

describe('journeys', () => {
  let edge: FakeEdge;
  let catalogue: Catalogue;
  let tally: Tallied;
  let caller: Caller;

  beforeEach(async () => {
    edge = await new FakeEdge().listen();
    catalogue = await discoverCatalogue(edge.url);
    edge.seen.length = 0;
    tally = new Tallied();
    caller = new Caller(Number(new URL(edge.url).port));
  });
  afterEach(async () => {
    caller.connection.close();
    await edge.close();
  });

  const newUser = (seed = 1): User => {
    const user = new User(catalogue, 10, tally);
    user.random = new Random(seed);
    return user;
  };
  async function play(journey: Journey, before: (path: string) => void = () => undefined): Promise<number[]> {
    const statuses: number[] = [];
    for (let next = journey.next(); !next.done;) {
      before(next.value.path);
      const answer = await caller.ask(next.value);
      statuses.push(answer.status);
      next = journey.next(answer);
    }
    return statuses;
  }
  async function playMany(name: keyof typeof journeys, times: number, user = newUser()): Promise<number[]> {
    const statuses: number[] = [];
    for (let count = 0; count < times; count++) statuses.push(...(await play(journeys[name](user))));
    return statuses;
  }

  it('find courses, degrees, departments and levels by asking', () => {
    expect(catalogue.courses).toHaveLength(60);
    expect(catalogue.departments).toEqual(['Computer Science', 'Mathematics', 'Philosophy & Logic']);
    expect(catalogue.levels).toEqual(['GRADUATE', 'UNDERGRADUATE']);
    expect(catalogue.degrees.map((degree) => degree.code)).toContain('MSCS');
  });

  it('browse passes every check on a right system, and revisits with what it remembers', async () => {
    const statuses = await playMany('browse', 25);
    expect([...tally.failed]).toEqual([]);
    expect(tally.passed.size).toBe(7);
    expect(statuses).toContain(304);
  });

  it('degrees looks at a degree from all sides', async () => {
    await playMany('degrees', 5);
    expect([...tally.failed]).toEqual([]);
    const asked = edge.seen.map((line) => line.replace(/[0-9a-f-]{36}/, '{id}'));
    for (const what of [
      '/degrees',
      '/degrees/code/MSCS',
      '/degrees/{id}/requirements',
      '/degrees/{id}/constraints',
      '/degrees/{id}/flowchart',
    ]) {
      expect(asked).toContain(`GET ${what}`);
    }
  });

  it('student logs in once, reads its own things, saves plans, and sometimes logs out', async () => {
    const statuses = await playMany('student', 25);
    expect([...tally.failed]).toEqual([]);
    expect([...tally.passed]).toContain('the plan is saved as a new version');
    expect(statuses.every((status) => status === 200 || status === 204)).toBe(true);
    const count = (line: string) => edge.seen.filter((seen) => seen === line).length;
    const logouts = count('POST /auth/logout');
    expect(logouts).toBeGreaterThan(0);
    expect(new Set(tally.ended).size).toBe(logouts);
    expect(tally.plans).toHaveLength(count('PUT /students/me/plan'));
    expect(tally.plans[0]).toMatchObject({ username: expect.stringMatching(/^student\d+$/), version: 1 });
    expect(count('POST /auth/login') - logouts).toBeLessThanOrEqual(1);
  });

  it('student logs in again when the session has died, and counts it', async () => {
    const user = newUser();
    await play(journeys.student(user));
    edge.forgetSessions();
    user.session ??= { username: 'student1', authorization: 'Authorization: Bearer gone\r\n' };
    const statuses = await play(journeys.student(user));
    expect(statuses).toContain(401);
    expect(tally.counts.loginsRepeated).toBe(1);
    expect(user.session ?? 'logged out').toBeTruthy();
  });

  it('student stays the same when the session dies in the middle of a journey', async () => {
    const user = newUser();
    for (let count = 0; count < 20; count++) {
      let died = false;
      await play(journeys.student(user), (path) => {
        if (path !== '/students/me/transcript' || died) return;
        died = true;
        edge.forgetSessions();
      });
    }
    expect(tally.counts.loginsRepeated).toBe(20);
    expect([...tally.failed]).toEqual([]);
    expect([...tally.passed]).toContain('the plan has an ETag and is the student’s own');
  });

  it('student reads the plan again when somebody else saved in between', async () => {
    const user = newUser();
    for (let count = 0; count < 20 && tally.counts.planConflicts === 0; count++) {
      let disturbed = false;
      await play(journeys.student(user), (path) => {
        const saving = path === '/students/me/plan' && edge.seen.at(-1) === 'GET /students/me/plan';
        if (saving && !disturbed) {
          disturbed = true;
          edge.touchPlans();
        }
      });
    }
    expect(tally.counts.planConflicts).toBe(1);
    expect([...tally.failed]).toEqual([]);
    expect([...tally.passed]).toContain('the plan is saved as a new version');
  });

  it.each([
    ['browse', /\/courses\/code/, '{"code":"XX999"}', 'the course of the code asked for'],
    [
      'browse',
      /\/courses\?(level|department)/,
      '{"items":[{"level":"GRADUATE"},{"level":"UNDERGRADUATE","department":"Nowhere"}]}',
      'only courses of the',
    ],
    [
      'browse',
      /prerequisites/,
      '{"course":{"code":"XX999"},"requires":[]}',
      'prerequisites of the course asked for',
    ],
    [
      'degrees',
      /flowchart/,
      '{"degreeId":"another","layers":[["CS1"]]}',
      'flowchart of the degree asked for',
    ],
    [
      'student',
      /\/students\/me$/,
      '{"id":"1","username":"somebody-else","level":"GRADUATE","degreeCode":"MSCS"}',
      'the profile is the student’s own',
    ],
    ['student', /auth\/status/, '{"authenticated":false}', 'the session is live'],
  ] as const)(
    '%s notices that %s was answered wrongly, although with 200',
    async (name, path, wrong, check) => {
      edge.override = (request, response) => {
        if (!path.test(request.url ?? '')) return false;
        response.writeHead(200, { 'content-length': wrong.length }).end(wrong);
        return true;
      };
      await playMany(name, 4);
      expect([...tally.failed].join()).toContain(check);
    },
  );

  it('notices a plan that was answered with 200 but not saved', async () => {
    edge.override = (request, response) => {
      if (request.method !== 'PUT') return false;
      const body = '{"studentId":"1","terms":[],"version":0}';
      response.writeHead(200, { etag: '"0"', 'content-length': body.length }).end(body);
      return true;
    };
    await playMany('student', 10);
    expect([...tally.failed]).toContain('the plan is saved as a new version');
  });

  it('are the same for the same seed, and others for another', async () => {
    const asked = async (seed: number): Promise<string[]> => {
      edge.seen.length = 0;
      const user = newUser(seed);
      for (const name of ['browse', 'degrees', 'browse'] as const) await play(journeys[name](user));
      return [...edge.seen];
    };
    const first = await asked(42);
    expect(await asked(42)).toEqual(first);
    expect(await asked(43)).not.toEqual(first);
  });
});
