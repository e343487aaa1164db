/** The degree API on a real PostgreSQL and Redis, over HTTP; course-service is played by what it answers to services. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Course,
  type Degree,
  type DegreeConstraints,
  type DegreeIndex,
  type DegreeInput,
  type DegreePage,
  degreeConstraintsSchema,
  degreePageSchema,
  degreeRequirementsSchema,
  type DegreeRequirements,
  degreeSchema,
  type DomainEvent,
  type Flowchart,
  flowchartSchema,
  type Identity,
  type Role,
  surrogateKeyHeader,
} from '@flowchart/contracts';
import { catalogue, catalogueCourses, courseId, degreeId } from '@flowchart/dataset';
import { EventPublisher, EventSubscriber } from '@flowchart/events';
import {
  asCaller,
  asEdge,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  testRedisUrl,
  type TestService,
} from '@flowchart/testing';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppModule } from '../app.module.js';
import { options } from '../config.js';

/** Answers `/internal/courses` as course-service does, from `courses`. */
class CourseService {
  courses: Course[] = catalogueCourses.map(
    (course) => ({ ...course, id: courseId(course.code), version: 1 }) as unknown as Course,
  );
  asked = 0;
  /** What it answers instead, when it is broken. */
  broken: { status: number; body: string } | undefined;
  private version = 1;
  private readonly server: Server = createServer((request, response) => {
    this.asked++;
    if (this.broken) return void response.writeHead(this.broken.status).end(this.broken.body);
    const etag = `"${this.version}"`;
    const known = request.headers['if-none-match'];
    if (known === etag || known === '*') return void response.writeHead(304, { etag }).end();
    response.writeHead(200, { etag }).end(JSON.stringify({ courses: this.courses }));
  });

  async listen(port = 0): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(port, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  change(code: string, change: Partial<Course>): void {
    this.courses = this.courses.map((course) => (course.code === code ? { ...course, ...change } : course));
    this.version++;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((stopped) => this.server.close(stopped));
  }
}

const { name } = options({});
let database: TestDatabase;
let redisUrl: string;
let courseService: CourseService;
let service: TestService;
/** Services that a test starts besides. */
const others: TestService[] = [];
/** Events as they arrive over Redis; others may use the same one. */
const events: DomainEvent[] = [];

const startService = (courseServiceUrl: string): Promise<TestService> =>
  startTestService(
    AppModule.from({
      databaseUrl: database.url,
      poolSize: 10,
      slowQueryMs: 100,
      redisUrl,
      courseServiceUrl,
      seed: true,
    }),
    { name },
  );

/** Another service, with the course-service of its own, stopped after the test. */
async function startAnother(courseServiceUrl: string): Promise<string> {
  const other = await startService(courseServiceUrl);
  others.push(other);
  return other.url;
}

beforeAll(async () => {
  database = await createTestDatabase();
  redisUrl = await testRedisUrl();
  courseService = new CourseService();
  service = await startService(await courseService.listen());
  service.app
    .get(EventSubscriber)
    .listen({ onEvent: (event) => void events.push(event), onGap: () => undefined });
});

afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.stop()));
});

afterAll(async () => {
  await service.stop();
  await courseService.stop();
  await database.drop();
});

interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly role?: Role | undefined;
  readonly at?: string;
}

const grace = (role: Role): Identity => ({ subject: 'r1', name: 'Grace', role, degreeCode: null });

/** A body as JSON; without one there is no content type either. */
const sentAs = (body: unknown): { headers?: Record<string, string>; body: string | null } =>
  body === undefined
    ? { body: null }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

async function call<T>(
  path: string,
  { method = 'GET', headers = {}, body, role, at = service.url }: Call = {},
) {
  const sent = sentAs(body);
  const answer = await fetch(`${at}${path}`, {
    method,
    headers: { ...headers, ...asEdge(name, role && grace(role)), ...sent.headers },
    body: sent.body,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    etag: answer.headers.get('etag') ?? '',
    tags: (answer.headers.get(surrogateKeyHeader) ?? '').split(' '),
    json: (text ? JSON.parse(text) : undefined) as T,
  };
}

const expectProblem = ({ status, json }: { status: number; json: unknown }, expected: number): void => {
  expect({ status, problem: json }).toEqual({
    status: expected,
    problem: expect.objectContaining({ status: expected, detail: expect.any(String) }),
  });
};

const mscs = `/degrees/${degreeId('MSCS')}`;
const codesInOrder = catalogue.degrees.map(({ code }) => code).sort();

describe('the list of degrees', () => {
  it('shows all of them, page by page, in the order of their codes', async () => {
    const found: Degree[] = [];
    for (let next: string | null = ''; next !== null;) {
      const answer: { json: DegreePage } = await call(`/degrees?limit=5${next && `&cursor=${next}`}`);
      const { items, page } = degreePageSchema.parse(answer.json);
      expect(page).toMatchObject({ limit: 5, total: 12 });
      found.push(...items);
      next = page.next;
    }
    expect(found.map(({ code }) => code)).toEqual(codesInOrder);
    expect((await call<DegreePage>('/degrees')).json.items).toEqual(found);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=a',
    'cursor=x',
    'cursor=%00',
    `cursor=${Buffer.from('courses:CS101').toString('base64url')}`,
    'level=GRADUATE',
    'limit=1&limit=2',
  ])('refuses ?%s', async (query) => {
    expectProblem(await call(`/degrees?${query}`), 400);
  });

  it('is empty behind the last degree', async () => {
    const cursor = Buffer.from('degrees:ZZ').toString('base64url');
    expect((await call<DegreePage>(`/degrees?cursor=${cursor}`)).json).toEqual({
      items: [],
      page: { limit: 20, total: 12, next: null },
    });
  });
});

describe('one degree', () => {
  it('is found by its id and by its code, in capitals or not', async () => {
    const { json } = await call<Degree>('/degrees/code/MSCS');
    const curated = catalogue.degrees.find(({ code }) => code === 'MSCS');
    // Its schema leaves out the rules, which are shown elsewhere.
    expect(json).toEqual(degreeSchema.parse({ ...curated, id: degreeId('MSCS'), version: 1 }));
    expect((await call('/degrees/code/mscs')).json).toEqual(json);
    expect((await call(mscs.toUpperCase().replace('DEGREES', 'degrees'))).json).toEqual(json);
  });

  it.each(catalogue.degrees)(
    '$code has the requirements and constraints of the catalogue',
    async (degree) => {
      const path = `/degrees/${degreeId(degree.code)}`;
      const { json: one } = await call<DegreeRequirements>(`${path}/requirements`);
      const { json: two } = await call<DegreeConstraints>(`${path}/constraints`);
      const withId = (rule: object) => ({ ...rule, id: expect.any(String) });
      expect(degreeRequirementsSchema.parse(one).requirements).toEqual(degree.requirements.map(withId));
      expect(degreeConstraintsSchema.parse(two).constraints).toEqual(degree.constraints.map(withId));
      expect([one.degreeId, two.degreeId]).toEqual([degreeId(degree.code), degreeId(degree.code)]);
    },
  );

  it.each([
    ['/degrees/code/NONE', 404],
    ['/degrees/code/%00', 404],
    ['/degrees/code/MSCS%00', 404],
    ['/degrees/code/M%C5%BFCS', 404],
    ['/degrees/not-a-uuid', 400],
    ['/degrees/%00/flowchart', 400],
    ['/degrees/1/requirements', 400],
    ['/degrees/1/constraints', 400],
    ['/degrees/00000000-0000-4000-8000-000000000000', 404],
    ['/degrees/00000000-0000-4000-8000-000000000000/requirements', 404],
    ['/degrees/00000000-0000-4000-8000-000000000000/constraints', 404],
    ['/degrees/00000000-0000-4000-8000-000000000000/flowchart', 404],
  ])('%s answers %i', async (path, status) => {
    expectProblem(await call(path), status);
  });
});

describe('an answer for caches', () => {
  const paths = [
    '/degrees?limit=3',
    '/degrees/code/MSCS',
    mscs,
    `${mscs}/requirements`,
    `${mscs}/constraints`,
    `${mscs}/flowchart`,
    '/internal/degrees',
  ];

  it.each(paths)('%s is 304 without a body for those who have it', async (path) => {
    const { etag, tags } = await call(path);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await call(path, { headers: { 'if-none-match': known } });
      expect([again.status, again.text, again.etag, again.tags]).toEqual([304, '', etag, tags]);
    }
    expect((await call(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it.each([
    [paths[0], ['degrees']],
    [paths[1], ['degree:MSCS']],
    [paths[2], ['degree:MSCS']],
    [paths[3], ['degree:MSCS']],
    [paths[4], ['degree:MSCS']],
    [paths[6], ['degrees']],
  ])('%s carries the tags %j', async (path = '', tags) => {
    expect((await call(path)).tags).toEqual(tags);
  });

  it('carries the tags of all courses that a flowchart shows or would show', async () => {
    const { json, tags } = await call<Flowchart>(`${mscs}/flowchart`);
    expect(tags).toContain('degree:MSCS');
    for (const { code } of json.nodes) expect(tags).toContain(`course:${code}`);
    courseService.courses = courseService.courses.filter(({ code }) => code !== 'CS690');
    courseService.change('CS501', {});
    const without = await call<Flowchart>(`${mscs}/flowchart`);
    expect(without.json.nodes.map(({ code }) => code)).not.toContain('CS690');
    expect(without.tags).toContain('course:CS690');
  });
});

describe('the flowchart', () => {
  it.each(catalogue.degrees)('of $code is drawn', async ({ code }) => {
    const { status, json } = await call(`/degrees/${degreeId(code)}/flowchart`);
    expect(status).toBe(200);
    expect(flowchartSchema.parse(json).nodes.length).toBeGreaterThan(5);
  });

  it('shows a change of a course at once, and is the same text as long as nothing on it changes', async () => {
    const before = await call<Flowchart>(`${mscs}/flowchart`);
    courseService.change('ENGL101', { title: 'Not on this chart' });
    expect((await call(`${mscs}/flowchart`)).etag).toBe(before.etag);
    courseService.change('CS501', { title: 'Changed' });
    const after = await call<Flowchart>(`${mscs}/flowchart`);
    expect(after.etag).not.toBe(before.etag);
    expect(after.json.nodes.find(({ code }) => code === 'CS501')?.title).toBe('Changed');
  });

  it('is drawn from the last known courses while course-service is away or broken, and 503 before there were any', async () => {
    const other = new CourseService();
    other.broken = { status: 500, body: 'oh no' };
    const url = await other.listen();
    const at = await startAnother(url);
    const flowchart = () => call<Flowchart>(`${mscs}/flowchart`, { at });
    expectProblem(await flowchart(), 503);
    other.broken = { status: 200, body: '{"courses":[{}]}' };
    expectProblem(await flowchart(), 503);
    other.broken = undefined;
    const drawn = await flowchart();
    expect(drawn.status).toBe(200);
    other.broken = { status: 503, body: '' };
    expect((await flowchart()).text).toBe(drawn.text);
    await other.stop();
    expect((await flowchart()).text).toBe(drawn.text);
    expect((await call('/actuator/health', { at })).json).toMatchObject({
      status: 'UP',
      components: { courseService: { status: 'DOWN' } },
    });
  });

  it('is 503 with Retry-After when course-service was never there', async () => {
    const nobody = new CourseService();
    const url = await nobody.listen();
    await nobody.stop();
    const answer = await call(`${mscs}/flowchart`, { at: await startAnother(url) });
    expectProblem(answer, 503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('fetches the courses anew when it is told of a change, so that it has them if course-service goes away', async () => {
    const { asked } = courseService;
    courseService.change('CS501', { title: 'Changed again' });
    await service.app.get(EventPublisher).publish([
      {
        id: randomUUID(),
        type: 'course.changed',
        entityId: courseId('CS501'),
        version: 2,
        tags: ['course:CS501', 'courses'],
        occurredAt: new Date().toISOString(),
      },
    ]);
    for (const deadlineMs = Date.now() + 5000; courseService.asked === asked; await sleep(10)) {
      if (Date.now() > deadlineMs) throw new Error('nobody asked');
    }
    expect(courseService.asked).toBe(asked + 1);
  });
});

const bamath = `/degrees/${degreeId('BSMATH')}`;
const input = (changes: Partial<DegreeInput> = {}): DegreeInput => ({
  name: 'Mathematics',
  department: 'Mathematics',
  totalCredits: 120,
  ...changes,
});
const replace = (body: unknown, headers: Record<string, string> = {}, path = bamath) =>
  call<Degree>(path, { method: 'PUT', role: 'registrar', body, headers });

describe('a registrar', () => {
  it.each<[Role | undefined, number]>([
    [undefined, 401],
    ['student', 403],
  ])('is the only one who may change a degree (as %s: %i)', async (role, status) => {
    expectProblem(await call(bamath, { method: 'PUT', role, body: input() }), status);
  });

  it('changes a degree and leaves the rules that are not sent as they are', async () => {
    const before = await call<DegreeRequirements>(`${bamath}/requirements`);
    const { json: old } = await call<Degree>(bamath);
    const answer = await replace(input({ name: 'Mathematics, revised' }));
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      ...old,
      ...input({ name: 'Mathematics, revised' }),
      version: old.version + 1,
    });
    expect((await call(bamath)).json).toEqual(answer.json);
    const after = await call<DegreeRequirements>(`${bamath}/requirements`);
    expect(after.json).toEqual(before.json);
    expect(after.etag).not.toBe(before.etag);
  });

  it('replaces the rules that are sent, and the flowchart follows', async () => {
    const requirements: DegreeInput['requirements'] = [
      { kind: 'ALL_OF', title: 'Core', courses: ['MATH142'] },
      {
        kind: 'CREDITS_FROM',
        title: 'Rest',
        credits: 3,
        from: { departments: ['English'], level: 'UNDERGRADUATE' },
      },
    ];
    const constraints: DegreeInput['constraints'] = [
      { kind: 'MINIMUM_GPA', gpa: 2.75 },
      { kind: 'MAX_YEARS', years: 6 },
    ];
    expect((await replace(input({ requirements, constraints }))).status).toBe(200);
    const { json } = await call<DegreeRequirements>(`${bamath}/requirements`);
    expect(json.requirements).toEqual(requirements.map((rule) => ({ ...rule, id: expect.any(String) })));
    expect((await call<DegreeConstraints>(`${bamath}/constraints`)).json.constraints).toEqual(
      constraints.map((rule) => ({ ...rule, id: expect.any(String) })),
    );
    const { json: chart } = await call<Flowchart>(`${bamath}/flowchart`);
    expect(chart.layers).toEqual([['MATH141'], ['MATH142']]);
    expect(chart.nodes[1]?.requirementId).toBe(json.requirements[0]?.id);
    expect((await replace(input({ requirements: [], constraints: [] }))).status).toBe(200);
    expect((await call<Flowchart>(`${bamath}/flowchart`)).json.nodes).toEqual([]);
  });

  it('overwrites nobody who was faster', async () => {
    const { etag } = await call(bamath);
    const first = await replace(input(), { 'if-match': etag });
    expect(first.status).toBe(200);
    expectProblem(await replace(input(), { 'if-match': etag }), 412);
    expectProblem(await replace(input(), { 'if-match': 'nonsense' }), 412);
    expect((await replace(input(), { 'if-match': first.etag })).status).toBe(200);
    expect((await replace(input(), { 'if-match': '*' })).status).toBe(200);
  });

  it('is told of every rule that nobody could meet, and nothing is saved', async () => {
    const { text } = await call(bamath);
    const answer = await replace(
      input({
        requirements: [
          { kind: 'ALL_OF', title: 'Core', courses: ['ZZ199'] },
          { kind: 'CHOOSE_N', title: 'Breadth', choose: 2, courses: ['CS101'] },
        ],
        constraints: [
          { kind: 'MAX_YEARS', years: 5 },
          { kind: 'MAX_YEARS', years: 6 },
        ],
      }),
    );
    expectProblem(answer, 422);
    expect(answer.json).toMatchObject({
      violations: [{ path: 'requirements.0' }, { path: 'requirements.1' }, { path: 'constraints' }],
    });
    expect(answer.text).toContain('ZZ199');
    expect((await call(bamath)).text).toBe(text);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['a code', { ...input(), code: 'XX' }],
    ['no name', input({ name: ' ' })],
    ['NUL in the name', input({ name: 'a\0b' })],
    ['half a character', input({ department: '\ud83d' })],
    ['no credits', input({ totalCredits: 0 })],
    ['more credits than a number holds', { ...input(), totalCredits: 1e300 }],
    [
      'a requirement of no kind',
      { ...input(), requirements: [{ kind: 'SOME_OF', title: 'x', courses: ['CS101'] }] },
    ],
    [
      'a choice of nothing',
      { ...input(), requirements: [{ kind: 'CHOOSE_N', title: 'x', choose: 1, courses: [] }] },
    ],
    [
      'credits from nowhere',
      { ...input(), requirements: [{ kind: 'CREDITS_FROM', title: 'x', credits: 1, from: {} }] },
    ],
    [
      'NUL in a rule',
      {
        ...input(),
        requirements: [{ kind: 'CREDITS_FROM', title: 'x', credits: 1, from: { departments: ['\0'] } }],
      },
    ],
    ['a GPA of 5', { ...input(), constraints: [{ kind: 'MINIMUM_GPA', gpa: 5 }] }],
  ])('cannot write %s', async (_, body) => {
    expectProblem(await replace(body), 400);
  });

  it('cannot change a degree that is not there', async () => {
    const absent = '/degrees/00000000-0000-4000-8000-000000000000';
    expectProblem(await replace(input(), {}, absent), 404);
    const unsound = input({ requirements: [{ kind: 'ALL_OF', title: 'Core', courses: ['ZZ199'] }] });
    expectProblem(await replace(unsound, {}, absent), 404);
    expectProblem(await replace(input(), {}, '/degrees/MSCS'), 400);
  });
});

describe('registrars at the same time', () => {
  it('count versions up one by one', async () => {
    const { json } = await call<Degree>(bamath);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        replace(input({ requirements: [{ kind: 'ALL_OF', title: `Core ${n}`, courses: ['CS101'] }] })),
      ),
    );
    const versions = answers.map((answer) => answer.json.version).sort((x, y) => x - y);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => json.version + 1 + n));
    expect((await call<DegreeRequirements>(`${bamath}/requirements`)).json.requirements).toHaveLength(1);
  });

  it('are let through one by one where they name what they saw', async () => {
    const { etag } = await call(bamath);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => replace(input(), { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
  });
});

describe('the degrees for other services', () => {
  it('come with their rules, and change their ETag with every write', async () => {
    const { json, etag } = await call<DegreeIndex>('/internal/degrees');
    expect(json.degrees.map(({ code }) => code)).toEqual(codesInOrder);
    for (const { requirements, constraints, ...degree } of json.degrees) {
      const path = `/degrees/${degree.id}`;
      expect((await call(path)).json).toEqual(degree);
      expect((await call(`${path}/requirements`)).json).toEqual({ degreeId: degree.id, requirements });
      expect((await call(`${path}/constraints`)).json).toEqual({ degreeId: degree.id, constraints });
    }
    await replace(input({ name: 'Seen by others' }));
    const changed = await call<DegreeIndex>('/internal/degrees', { headers: { 'if-none-match': etag } });
    expect(changed.json.degrees.map(({ name }) => name)).toContain('Seen by others');
  });
});

describe('events', () => {
  it('tell of each change, with the tags of what it makes untrue, and not of what was refused', async () => {
    const seen = events.length;
    const versions = [(await replace(input())).json.version];
    await replace(input({ requirements: [{ kind: 'ALL_OF', title: 'Core', courses: ['ZZ199'] }] }));
    await replace(input(), { 'if-match': '"0"' });
    versions.push((await replace(input())).json.version);
    const own = () =>
      events
        .slice(seen)
        .filter(({ entityId, version }) => entityId === degreeId('BSMATH') && version >= Number(versions[0]));
    for (const deadlineMs = Date.now() + 5000; own().at(-1)?.version !== versions[1]; await sleep(10)) {
      if (Date.now() > deadlineMs) throw new Error('no event came');
    }
    const common = { type: 'degree.changed', tags: ['degree:BSMATH', 'degrees'] };
    expect(own()).toMatchObject(versions.map((version) => ({ version, ...common })));
  });
});

describe('access', () => {
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await fetch(`${service.url}${path}`, { headers })).status;

  it('is nobody’s who comes directly', async () => {
    for (const path of ['/degrees', '/internal/degrees']) expect(await statusOf(path, {})).toBe(401);
  });

  it('to the index is student-service’s, and not course-service’s', async () => {
    expect(await statusOf('/internal/degrees', asCaller('student-service', name))).toBe(200);
    expect(await statusOf('/internal/degrees', asCaller('course-service', name))).toBe(401);
  });
});
