/** The student API on a real PostgreSQL and Redis, over HTTP; of the neighbours only what they answer. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Audit,
  auditSchema,
  type Course,
  credentialsPath,
  type Identity,
  identityHeader,
  type Plan,
  planSchema,
  type PlanViolation,
  type Problem,
  problemSchema,
  profileSchema,
  transcriptSchema,
  type VerifiedCredentials,
} from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { EventPublisher } from '@flowchart/events';
import {
  demoPassword,
  registrar,
  seededCourses,
  seededDegrees,
  StudentGenerator,
  studentId,
} from '@flowchart/dataset';
import {
  asCaller,
  asEdge,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  testRedisUrl,
  type TestService,
} from '@flowchart/testing';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { AppModule } from './app.module.js';
import { config, options } from './config.js';

const { name } = options({});
const generator = new StudentGenerator();

/** course-service and degree-service in one: their indexes with ETags, and a switch that makes them fail. */
class Neighbours {
  down = false;
  asked = 0;
  courses: Course[] = seededCourses();
  private readonly server: Server = createServer((request, response) => {
    if (this.down) return void request.socket.destroy();
    this.asked++;
    if (request.headers['if-none-match'] === '*') return void response.writeHead(304).end();
    const body =
      request.url === '/internal/courses' ? { courses: this.courses } : { degrees: seededDegrees() };
    response.writeHead(200, { etag: `"${JSON.stringify(body).length}"` }).end(JSON.stringify(body));
  });

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let database: TestDatabase;
const neighbours = new Neighbours();
let neighboursUrl: string;
let services: TestService[];
let bases: string[];

const startInstance = async (): Promise<TestService> =>
  startTestService(
    AppModule.from(
      config({
        STUDENT_DATABASE_URL: database.url,
        REDIS_URL: await testRedisUrl(),
        COURSE_SERVICE_URL: neighboursUrl,
        DEGREE_SERVICE_URL: neighboursUrl,
        DATASET_SIZE: 'XS',
        DB_POOL_SIZE: '4',
      }),
    ),
    { name },
  );

beforeAll(async () => {
  database = await createTestDatabase();
  neighboursUrl = await neighbours.start();
  services = [await startInstance(), await startInstance()];
  bases = services.map(({ url }) => url);
}, 60_000);
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  neighbours.stop();
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

interface Ask {
  /** In whose name the edge asks; a text goes as the assertion that it is. */
  readonly as?: Identity | string;
  readonly method?: string;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly base?: string | undefined;
}

const headersOf = ({ as, body, ifMatch, ifNoneMatch }: Ask): Record<string, string> => ({
  ...(typeof as === 'string' ? { [identityHeader]: as } : asEdge(name, as)),
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
});

/** A text goes as it is, anything else as JSON. */
async function ask(path: string, given: Ask = {}): Promise<Answer> {
  const { body, base = bases[0] } = given;
  const response = await fetch(`${base}${path}`, {
    method: given.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: headersOf(given),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
}

const student = (n: number): Identity => {
  const { id, name, degreeCode } = generator.profile(n);
  return { subject: id, name, role: 'student', degreeCode };
};
const staff: Identity = { subject: registrar.id, name: 'registrar', role: 'registrar', degreeCode: null };

/** The number of the first student for whom it holds. */
const studentWhere = (holds: (n: number) => boolean): number => {
  for (let n = 1; n <= 200; n++) if (holds(n)) return n;
  throw new Error('no such student among the first 200');
};
const freshUndergraduate = studentWhere(
  (n) => generator.profile(n).level === 'UNDERGRADUATE' && generator.transcript(n).length === 0,
);

const expectProblem = ({ headers, json }: Answer, status: number): Problem => {
  expect(headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(json);
  expect(problem.status).toBe(status);
  return problem;
};

const logIn = (body: unknown): Promise<Answer> => ask(credentialsPath, { body });

describe('checking credentials', () => {
  it('tells who a student is', async () => {
    const answer = await logIn({ username: 'student1', password: demoPassword });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ identity: student(1), username: 'student1' } satisfies VerifiedCredentials);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('tells who the registrar is', async () => {
    const { json } = await logIn({ username: 'registrar', password: demoPassword });
    expect(json).toEqual({ identity: staff, username: 'registrar' });
  });

  it.each([
    ['a wrong password', { username: 'student1', password: 'wrong' }, 401],
    ['an unknown user', { username: 'nobody', password: demoPassword }, 401],
    ['a username of other case', { username: 'Student1', password: demoPassword }, 401],
    ['a username with a NUL', { username: 'student1\0', password: demoPassword }, 401],
    ['a lone surrogate', { username: '\ud800', password: '\udfff' }, 401],
    ['an SQL fragment', { username: `' OR 1=1 --`, password: demoPassword }, 401],
    ['a password with a NUL', { username: 'student1', password: `${demoPassword}\0` }, 401],
    ['no password', { username: 'student1' }, 400],
    ['an empty username', { username: '', password: demoPassword }, 400],
    ['a password of a thousand letters', { username: 'student1', password: 'x'.repeat(1000) }, 400],
    ['a number for a name', { username: 1, password: demoPassword }, 400],
    ['a role besides', { username: 'student1', password: demoPassword, role: 'registrar' }, 400],
    ['an array', [], 400],
    ['no JSON', '{"username":', 400],
  ])('refuses %s', async (_, body, status) => {
    const answer = await logIn(body);
    expect(answer.status).toBe(status);
    expectProblem(answer, status);
  });

  it('says the same of a wrong password and an unknown user', async () => {
    const wrong = (await logIn({ username: 'student1', password: 'wrong' })).json as Problem;
    const unknown = (await logIn({ username: 'nobody', password: 'wrong' })).json as Problem;
    expect({ ...unknown, requestId: '' }).toEqual({ ...wrong, requestId: '' });
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const times: Record<string, number[]> = { student1: [], nobody: [] };
    for (let round = 0; round < 15; round++) {
      for (const username of ['student1', 'nobody']) {
        const startMs = performance.now();
        await logIn({ username, password: 'wrong' });
        times[username]?.push(performance.now() - startMs);
      }
    }
    const median = (username: string) => times[username]?.sort((a, b) => a - b)[7] ?? 0;
    // A look-up alone takes a tenth of a hash.
    expect(median('nobody') / median('student1')).toBeGreaterThan(0.6);
    expect(median('nobody') / median('student1')).toBeLessThan(1.6);
  });

  it('hashes off the event loop: twenty logins leave this thread free', async () => {
    await logIn({ username: 'student1', password: demoPassword });
    const cpuMs = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
    const [thread, whole] = [process.threadCpuUsage(), process.cpuUsage()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => logIn({ username: `student${i + 1}`, password: demoPassword })),
    );
    const threadMs = cpuMs(process.threadCpuUsage(thread));
    const wholeMs = cpuMs(process.cpuUsage(whole));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    expect(threadMs).toBeLessThan(wholeMs / 2);
  });

  it('turns logins away in a storm, says when to come back, and recovers', async () => {
    const storm = await Promise.all(
      Array.from({ length: 400 }, () => logIn({ username: 'student1', password: 'wrong' })),
    );
    const refused = storm.filter(({ status }) => status === 503);
    expect(new Set(storm.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect(refused.length).toBeLessThan(200);
    for (const answer of refused) expect(answer.headers.get('retry-after')).toBe('2');
    expect((await logIn({ username: 'student1', password: demoPassword })).status).toBe(200);
  }, 30_000);
});

const ownPaths = ['/students/me', '/students/me/transcript', '/students/me/audit', '/students/me/plan'];

describe.each(ownPaths)('GET %s', (path) => {
  it('answers a student, for nobody else to keep', async () => {
    const answer = await ask(path, { as: student(1) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it('needs an identity that the edge signed', async () => {
    expectProblem(await ask(path), 401);
    expectProblem(await ask(path, { as: 'forged' }), 401);
    expectProblem(
      await ask(path, { as: asEdge('course-service', student(1))[identityHeader] as string }),
      401,
    );
    expectProblem(await ask(path, { as: asCaller('degree-service', name)[identityHeader] as string }), 401);
  });

  it('has nothing for a registrar, nor for anybody without a record', async () => {
    const noRecord = 'urn:flowchart:problem:no-student-record';
    expect(expectProblem(await ask(path, { as: staff }), 403).type).toBe(noRecord);
    const gone = { ...student(1), subject: studentId(999_999) };
    expect(expectProblem(await ask(path, { as: gone }), 403).type).toBe(noRecord);
    expectProblem(await ask(path, { as: { ...student(1), subject: `x' OR true --` } }), 403);
  });

  it('takes no parameters', async () => {
    expectProblem(await ask(`${path}?id=${studentId(2)}`, { as: student(1) }), 400);
  });
});

describe('a profile', () => {
  it('is that of the student who asks', async () => {
    for (const n of [1, 2, freshUndergraduate]) {
      const { json } = await ask('/students/me', { as: student(n) });
      expect(profileSchema.parse(json)).toEqual(generator.profile(n));
    }
  });
});

describe('a transcript', () => {
  it('has all entries, oldest first, with their average and credits', async () => {
    const { json } = await ask('/students/me/transcript', { as: student(1) });
    const transcript = transcriptSchema.parse(json);
    expect(transcript.entries).toEqual(generator.transcript(1));
    expect(transcript.creditsEarned).toBe(18);
    expect(transcript.gpa).toBe(3.5);
  });

  it('of a new student is empty, without an average', async () => {
    const { json } = await ask('/students/me/transcript', { as: student(freshUndergraduate) });
    expect(json).toEqual({ entries: [], gpa: null, creditsEarned: 0 });
  });
});

describe('an audit', () => {
  it('is of the student’s own degree', async () => {
    for (let n = 1; n <= 20; n++) {
      const audit: Audit = auditSchema.parse((await ask('/students/me/audit', { as: student(n) })).json);
      expect(audit.degree.code).toBe(generator.profile(n).degreeCode);
      expect(audit.constraints).toHaveLength(5);
    }
  });
});

describe('a plan', () => {
  const terms = [
    { term: '2027-SPRING', courses: ['CS102'] },
    { term: '2026-FALL', courses: ['CS101', 'MATH141'] },
  ];
  const me = student(freshUndergraduate);
  const find = (): Promise<Answer> => ask('/students/me/plan', { as: me });
  const save = (body: unknown, ifMatch?: string, base?: string): Promise<Answer> =>
    ask('/students/me/plan', {
      as: me,
      method: 'PUT',
      body,
      base,
      ...(ifMatch !== undefined && { ifMatch }),
    });
  const rulesBroken = ({ json }: Answer) =>
    (json as { violations: PlanViolation[] }).violations.map(({ rule, course }) => `${rule} ${course}`);

  beforeEach(async () => {
    await services[0]?.app.get<Pool>(PG_POOL).query('DELETE FROM plans');
  });

  it('that was never saved is empty, with version 0', async () => {
    const answer = await find();
    expect(answer.json).toEqual({ studentId: me.subject, terms: [], version: 0 });
    expect(answer.headers.get('etag')).toBe('"0"');
  });

  it('is saved with credits, in the order of terms, under a new version', async () => {
    const saved = await save({ terms }, '"0"');
    expect(saved.status).toBe(200);
    expect(planSchema.parse(saved.json)).toEqual({
      studentId: me.subject,
      terms: [
        { term: '2026-FALL', courses: ['CS101', 'MATH141'], credits: 8 },
        { term: '2027-SPRING', courses: ['CS102'], credits: 4 },
      ],
      version: 1,
    } satisfies Plan);
    expect(saved.headers.get('etag')).toBe('"1"');
    const found = await find();
    expect(found.json).toEqual(saved.json);
    expect(found.headers.get('etag')).toBe('"1"');
  });

  it('can be emptied again', async () => {
    await save({ terms }, '"0"');
    expect((await save({ terms: [] }, '"1"')).json).toMatchObject({ terms: [], version: 2 });
  });

  it('is not sent again to who has it', async () => {
    const answer = await ask('/students/me/plan', { as: me, ifNoneMatch: '"7", W/"0"' });
    expect([answer.status, answer.json, answer.headers.get('etag')]).toEqual([304, null, '"0"']);
    expect((await ask('/students/me/plan', { as: me, ifNoneMatch: '"1"' })).status).toBe(200);
  });

  it('is not replaced without If-Match', async () => {
    expectProblem(await save({ terms }), 428);
    expect((await find()).headers.get('etag')).toBe('"0"');
  });

  it.each(['', '0', '"0', 'garbage'])('is not replaced with the malformed If-Match %j', async (ifMatch) => {
    expectProblem(await save({ terms }, ifMatch), 400);
  });

  it.each(['"1"', '"99"', 'W/"0"', '"x"', '"99999999999999999999"'])(
    'that nobody saved is not replaced with If-Match %s',
    async (ifMatch) => {
      const answer = await save({ terms }, ifMatch);
      expectProblem(answer, 412);
      expect(answer.headers.get('etag')).toBe('"0"');
      expect((await find()).headers.get('etag')).toBe('"0"');
    },
  );

  it('is replaced with a list that names its version, and with *', async () => {
    expect((await save({ terms }, '"5", "0"')).json).toMatchObject({ version: 1 });
    expect((await save({ terms }, '*')).json).toMatchObject({ version: 2 });
    expect((await save({ terms }, '"0", "1"')).status).toBe(412);
  });

  it('has one winner of many who save at once, on whichever instance', async () => {
    for (const etag of ['"0"', '"1"', '"2"']) {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => save({ terms }, etag, bases[i % 2])),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array<number>(11).fill(412)]);
    }
    expect((await find()).headers.get('etag')).toBe('"3"');
  });

  it.each([
    ['the first save', '"0"', `INSERT INTO plans VALUES ($1, 1, '[]')`],
    ['a later save', '"1"', 'UPDATE plans SET version = 2 WHERE student_id = $1'],
  ])('%s loses against one that was under way and commits first', async (_, etag, change) => {
    if (etag === '"1"') await save({ terms }, '"0"');
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query(change, [me.subject]);
    const late = save({ terms }, etag);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    // Asked elsewhere: within a transaction the view stays as it was at first sight.
    const pool = services[0]?.app.get<Pool>(PG_POOL);
    while ((await pool?.query(waiting))?.rowCount === 0) await sleep(5);
    await other.query('COMMIT');
    await other.end();
    expectProblem(await late, 412);
  });

  it('counts every save that asks for no version in particular', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => save({ terms }, '*')));
    const versions = answers.map(({ json }) => (json as Plan).version).sort((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('that breaks rules is refused with every violation, and the old one stays', async () => {
    const answer = await save(
      {
        terms: [
          {
            term: '2026-FALL',
            courses: ['CS102', 'CS101', 'CS101', 'XX101', 'MATH141', 'BIO101', 'PHYS101'],
          },
          { term: '2027-SUMMER', courses: ['CS310'] },
        ],
      },
      '"0"',
    );
    const problem = expectProblem(answer, 422);
    expect(rulesBroken(answer).sort()).toEqual([
      'CREDIT_LIMIT undefined',
      'DUPLICATE CS101',
      'PREREQUISITE CS102',
      'PREREQUISITE CS310',
      'TERM_NOT_OFFERED CS310',
      'UNKNOWN_COURSE XX101',
    ]);
    expect(problem.detail).toContain('XX101');
    expect((await find()).headers.get('etag')).toBe('"0"');
  });

  it('does not take up again what is passed', async () => {
    const [first] = generator.transcript(1);
    const answer = await ask('/students/me/plan', {
      as: student(1),
      method: 'PUT',
      ifMatch: '"0"',
      body: { terms: [{ term: '2027-FALL', courses: [first?.code] }] },
    });
    expect(rulesBroken(answer)).toContain(`DUPLICATE ${first?.code}`);
  });

  it.each([
    ['no terms', {}],
    ['null', null],
    ['a term that is none', { terms: [{ term: '2026-WINTER', courses: [] }] }],
    ['a code that is none', { terms: [{ term: '2026-FALL', courses: ['💥'] }] }],
    ['a code with a NUL', { terms: [{ term: '2026-FALL', courses: ['CS101\0'] }] }],
    ['a hundred terms', { terms: Array(100).fill({ term: '2026-FALL', courses: [] }) }],
    ['a thousand courses', { terms: [{ term: '2026-FALL', courses: Array(1000).fill('CS101') }] }],
    ['more than was asked', { terms: [], version: 7 }],
    ['a poisoned prototype', '{"terms":[],"__proto__":{"admin":true}}'],
  ])('refuses %s with 400', async (_, body) => {
    expectProblem(await save(body, '"0"'), 400);
  });

  it('answers whatever it is sent with an error of the client’s', async () => {
    const code = fc.oneof(fc.constantFrom('CS101', 'CS699', 'XX999'), fc.string({ unit: 'binary' }));
    const term = fc.oneof(fc.constantFrom('2026-FALL', '1900-SPRING', '2099-SUMMER'), fc.string());
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        terms: fc.array(fc.record({ term, courses: fc.array(code, { maxLength: 25 }) }), { maxLength: 31 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const { status } = await save(sent, '"12345"');
        expect([400, 412]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});

describe('while course-service and degree-service are down', () => {
  beforeAll(async () => {
    // Every instance has a copy of both now.
    for (const base of bases) await ask('/students/me/audit', { as: student(1), base });
    neighbours.down = true;
  });
  afterAll(() => {
    neighbours.down = false;
  });

  it('audits go on with what was kept', async () => {
    expect((await ask('/students/me/audit', { as: student(1) })).status).toBe(200);
  });

  it('plans are saved by the rules that were kept', async () => {
    const body = { terms: [{ term: '2026-FALL', courses: ['ENGL101'] }] };
    const answer = await ask('/students/me/plan', {
      as: student(freshUndergraduate),
      method: 'PUT',
      ifMatch: '*',
      body,
    });
    expect(answer.status).toBe(200);
  });

  describe('and a new instance has never seen them', () => {
    let instance: TestService;
    beforeEach(async () => {
      instance = await startInstance();
    });
    afterEach(() => instance.stop());

    it('it gets its copies as soon as they are back, asked or not', async () => {
      neighbours.down = false;
      const asksBefore = neighbours.asked;
      while (neighbours.asked < asksBefore + 2) await sleep(10);
      await sleep(50);
      neighbours.down = true;
      expect((await ask('/students/me/audit', { as: student(1), base: instance.url })).status).toBe(200);
    });

    it('it answers what needs nobody else, and says 503 for the rest', async () => {
      const { url: base } = instance;
      for (const path of ['/students/me', '/students/me/transcript', '/students/me/plan']) {
        expect((await ask(path, { as: student(1), base })).status).toBe(200);
      }
      const audit = await ask('/students/me/audit', { as: student(1), base });
      expectProblem(audit, 503);
      expect(audit.headers.get('retry-after')).toBe('1');
      const body = { terms: [] };
      const saved = await ask('/students/me/plan', {
        as: student(1),
        base,
        method: 'PUT',
        ifMatch: '*',
        body,
      });
      expectProblem(saved, 503);
    });
  });
});

describe('the health of the service', () => {
  afterAll(() => {
    neighbours.down = false;
  });

  it('tells of neighbours that do not answer, and is up without them', async () => {
    const states = async () => {
      const { json } = await ask('/actuator/health');
      const { status, components } = json as {
        status: string;
        components: Record<string, { status: string }>;
      };
      const { courseService, degreeService, db } = components;
      return [status, db?.status, courseService?.status, degreeService?.status];
    };
    expect(await states()).toEqual(['UP', 'UP', 'UP', 'UP']);
    neighbours.down = true;
    // Whoever asks again within a second is told what was known.
    while ((await states())[3] === 'UP') await sleep(50);
    expect(await states()).toEqual(['UP', 'UP', 'DOWN', 'DOWN']);
  });
});

describe('a course that changed', () => {
  it('is planned by its new rules at once when course-service has told of it', async () => {
    const original = neighbours.courses;
    const body = { terms: [{ term: '2026-FALL', courses: ['CS101'] }] };
    const attempt = () =>
      ask('/students/me/plan', { as: student(freshUndergraduate), method: 'PUT', ifMatch: '*', body });
    // A copy that has just been made would be used for two seconds.
    for (const asksBefore = neighbours.asked; neighbours.asked === asksBefore; await sleep(10))
      await attempt();
    neighbours.courses = original.map((course) =>
      course.code === 'CS101' ? { ...course, terms: ['SUMMER'], version: 2 } : course,
    );
    await services[0]?.app.get(EventPublisher).publish([
      {
        id: randomUUID(),
        type: 'course.changed',
        entityId: randomUUID(),
        version: 2,
        tags: ['course:CS101'],
        occurredAt: new Date().toISOString(),
      },
    ]);
    let answer = await attempt();
    for (
      const deadlineMs = Date.now() + 1000;
      answer.status === 200 && Date.now() < deadlineMs;
      await sleep(20)
    ) {
      answer = await attempt();
    }
    neighbours.courses = original;
    expect(answer.status).toBe(422);
  });

  it('is planned by its new rules within seconds', async () => {
    const original = neighbours.courses;
    neighbours.courses = original.map((course) =>
      course.code === 'CS101' ? { ...course, terms: ['SUMMER'], version: 2 } : course,
    );
    const body = { terms: [{ term: '2026-FALL', courses: ['CS101'] }] };
    const attempt = () =>
      ask('/students/me/plan', { as: student(freshUndergraduate), method: 'PUT', ifMatch: '*', body });
    const deadlineMs = Date.now() + 5000;
    let answer = await attempt();
    while (answer.status === 200 && Date.now() < deadlineMs) {
      await sleep(100);
      answer = await attempt();
    }
    neighbours.courses = original;
    expect(answer.status).toBe(422);
  });
});
