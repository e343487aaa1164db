/** The course API on a real PostgreSQL and Redis, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Course,
  type CourseIndex,
  type CourseInput,
  courseInputSchema,
  type CoursePage,
  courseIndexSchema,
  coursePageSchema,
  courseSchema,
  type DomainEvent,
  type Identity,
  type Prerequisites,
  prerequisitesSchema,
  type Problem,
  type Role,
  surrogateKeyHeader,
} from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { catalogueCourses, courseId } from '@flowchart/dataset';
import { EventSubscriber } from '@flowchart/events';
import { closure, longestPathLayers } from '@flowchart/kernel';
import {
  asCaller,
  asEdge,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  testRedisUrl,
  type TestService,
} from '@flowchart/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { AppModule } from '../app.module.js';
import { options } from '../config.js';
import { searchStatement } from './course-search.sql.js';

const { name } = options({});
let database: TestDatabase;
/** Events of this service as they arrive over Redis; others may use the same one. */
const events: DomainEvent[] = [];
let service: TestService;

beforeAll(async () => {
  database = await createTestDatabase();
  const redisUrl = await testRedisUrl();
  const module = AppModule.from({
    databaseUrl: database.url,
    poolSize: 10,
    slowQueryMs: 100,
    redisUrl,
    seed: true,
  });
  service = await startTestService(module, { name });
  service.app
    .get(EventSubscriber)
    .listen({ onEvent: (event) => void events.push(event), onGap: () => undefined });
});

afterAll(async () => {
  await service.stop();
  await database.drop();
});

interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly role?: Role | undefined;
}

const grace = (role: Role): Identity => ({ subject: 'r1', name: 'Grace', role, degreeCode: null });

/** A body as JSON; without one there is no content type either. */
const sentAs = (body: unknown): { headers?: Record<string, string>; body: string | null } =>
  body === undefined
    ? { body: null }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

async function call<T>(path: string, { method = 'GET', headers = {}, body, role }: Call = {}) {
  const sent = sentAs(body);
  const answer = await fetch(`${service.url}${path}`, {
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

const codesOf = (courses: readonly { code: string }[]): string[] => courses.map(({ code }) => code);

async function search(query: string): Promise<Course[]> {
  const found: Course[] = [];
  let next: string | null = '';
  do {
    const { json }: { json: CoursePage } = await call(
      `/courses?limit=100&${query}${next && `&cursor=${next}`}`,
    );
    coursePageSchema.parse(json);
    found.push(...json.items);
    next = json.page.next;
    if (next === null) expect(json.page.total).toBe(found.length);
  } while (next !== null);
  return found;
}

const expectProblem = ({ status, json }: { status: number; json: unknown }, expected: number): void => {
  expect({ status, problem: json }).toEqual({
    status: expected,
    problem: expect.objectContaining({ status: expected, detail: expect.any(String) }),
  });
};

describe('the list of courses', () => {
  it('shows the whole catalogue, page by page, in the order of the codes', async () => {
    const pages: CoursePage[] = [];
    let path = '/courses?limit=50';
    for (;;) {
      const { json } = await call<CoursePage>(path);
      pages.push(json);
      if (json.page.next === null) break;
      path = `/courses?limit=50&cursor=${json.page.next}`;
    }
    expect(pages.map(({ items }) => items.length)).toEqual([50, 50, 50, 50, 50, 50, 37]);
    expect(new Set(pages.map(({ page }) => page.total))).toEqual(new Set([catalogueCourses.length]));
    expect(codesOf(pages.flatMap(({ items }) => items))).toEqual(codesOf(catalogueCourses));
  });

  it('has 20 courses a page unless told otherwise', async () => {
    const { json } = await call<CoursePage>('/courses');
    expect([json.items.length, json.page.limit]).toEqual([20, 20]);
  });

  it('shows a course as it was written', async () => {
    const [shown] = await search('q=CS301');
    const { code, prerequisites, ...rest } = catalogueCourses.find(
      (course) => course.code === 'CS301',
    ) as Course;
    expect(shown).toEqual({
      ...rest,
      code,
      prerequisites: [...prerequisites].sort(),
      id: courseId(code),
      version: 1,
    });
  });

  it.each<[string, (course: (typeof catalogueCourses)[number]) => boolean]>([
    ['level=GRADUATE', ({ level }) => level === 'GRADUATE'],
    ['department=Computer%20Science', ({ department }) => department === 'Computer Science'],
    ['department=%20Biology+', ({ department }) => department === 'Biology'],
    ['term=SUMMER', ({ terms }) => terms.includes('SUMMER')],
    [
      'level=GRADUATE&department=Mathematics&term=FALL',
      ({ level, department, terms }) =>
        level === 'GRADUATE' && department === 'Mathematics' && terms.includes('FALL'),
    ],
    ['q=algor', (course) => textOf(course).includes('algor')],
    ['q=ALGOR', (course) => textOf(course).includes('algor')],
    ['q=cs5', (course) => textOf(course).includes('cs5')],
    ['q=a', (course) => textOf(course).includes('a')],
    [
      'q=sorting%20or%20graph',
      (course) => ['sorting', 'or', 'graph'].every((word) => textOf(course).includes(word)),
    ],
    [
      'q=graph+algor&level=UNDERGRADUATE',
      (course) =>
        ['graph', 'algor'].every((word) => textOf(course).includes(word)) && course.level === 'UNDERGRADUATE',
    ],
    ['q=%25', (course) => textOf(course).includes('%')],
    ['q=_', (course) => textOf(course).includes('_')],
    ['q=%5C', (course) => textOf(course).includes('\\')],
    ["q='", (course) => textOf(course).includes("'")],
  ])('finds by %s exactly what matches', async (query, matches) => {
    expect(codesOf(await search(query))).toEqual(codesOf(catalogueCourses.filter(matches)));
  });

  it.each(['department=Alchemy', 'q=xyzzy', 'q=%F0%9F%8E%93', 'department=computer%20science'])(
    'is empty for %s',
    async (query) => {
      const { status, json } = await call<CoursePage>(`/courses?${query}`);
      expect([status, json]).toEqual([200, { items: [], page: { limit: 20, total: 0, next: null } }]);
    },
  );

  it.each([
    'level=DOCTORATE',
    'level=graduate',
    'term=WINTER',
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=-1',
    'limit=',
    'limit=2.5',
    'cursor=',
    'cursor=%25',
    'cursor=bm9uc2Vuc2U',
    `cursor=${'A'.repeat(200)}`,
    `cursor=${'A'.repeat(5000)}`,
    'colour=red',
    '__proto__=1',
    'level=GRADUATE&level=GRADUATE',
    'q[]=a',
    'q=%00',
    'q=a%00b',
    'q=',
    'q=%20',
    `q=${'x'.repeat(101)}`,
    'department=%00',
    'department=',
  ])('refuses ?%s', async (query) => {
    expectProblem(await call(`/courses?${query}`), 400);
  });

  it('takes words of every script, and many of them', async () => {
    expect((await call(`/courses?q=${encodeURIComponent('Ünïcode 微积分 ß İ 🎓')}`)).status).toBe(200);
    expect((await call(`/courses?q=${'a+'.repeat(50)}`)).status).toBe(200);
    expect((await call('/courses?q=%FF%FE')).status).toBe(200);
  });

  it('goes by the trigram index', async () => {
    const plan = await explain('EXPLAIN', { q: 'algor graph', totalKnownFor: '0' });
    expect(plan).toMatch(/Bitmap Index Scan on courses_search/);
  });

  it('does not count again what the caller knows', async () => {
    const { etag } = await call('/courses');
    const counted = /Aggregate .*\(actual/;
    const explainAnalyze = 'EXPLAIN (ANALYZE, COSTS OFF)';
    expect(await explain(explainAnalyze, { totalKnownFor: '0' })).toMatch(counted);
    expect(await explain(explainAnalyze, { totalKnownFor: etag.replaceAll('"', '') })).not.toMatch(counted);
  });

  /** How Postgres goes about a search when the table is too large to be read through. */
  async function explain(command: string, search: { q?: string; totalKnownFor: string }): Promise<string> {
    const { q, totalKnownFor } = search;
    const { text, values } = searchStatement({ limit: 20, q }, { after: undefined, totalKnownFor });
    const client = await service.app.get<Pool>(PG_POOL).connect();
    await client.query('SET enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`${command} ${text}`, values);
    client.release(true);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
});

const textOf = ({ code, title, description }: { code: string; title: string; description: string }): string =>
  `${code} ${title} ${description}`.toLowerCase();

describe('one course', () => {
  it('is found by its id and by its code, in capitals or not', async () => {
    const byCode = await call<Course>('/courses/code/CS301');
    expect(courseSchema.parse(byCode.json)).toMatchObject({ code: 'CS301', id: courseId('CS301') });
    for (const path of [
      '/courses/code/cs301',
      '/courses/code/Cs301',
      `/courses/${courseId('CS301').toUpperCase()}`,
    ]) {
      expect((await call(path)).json).toEqual(byCode.json);
    }
  });

  it.each([
    ['/courses/code/ZZ999', 404],
    ['/courses/code/not-a-code', 404],
    ['/courses/code/%00', 404],
    ['/courses/code/CS301%00', 404],
    ['/courses/code/%C5%BFS301', 404],
    ['/courses/code/%F0%9F%8E%93', 404],
    [`/courses/code/${'C'.repeat(500)}`, 414],
    ['/courses/code/%FF', 400],
    ['/courses/00000000-0000-4000-8000-000000000000', 404],
    ['/courses/00000000-0000-4000-8000-000000000000/prerequisites', 404],
    ['/courses/not-a-uuid', 400],
    ['/courses/%00', 400],
    ['/courses/code', 400],
    ['/courses/1', 400],
    ['/courses/not-a-uuid/prerequisites', 400],
  ])('%s answers %i', async (path, status) => {
    expectProblem(await call(path), status);
  });
});

describe('prerequisites', () => {
  const graph = new Map(catalogueCourses.map(({ code, prerequisites }) => [code, prerequisites]));

  /** Depth of each node below `root`: layers of the reversed graph. */
  function depthsBelow(root: string): Map<string, number> {
    const nodes = [...closure([root], graph)];
    const reversed = new Map(
      nodes.map((node) => [node, nodes.filter((other) => graph.get(other)?.includes(node))]),
    );
    return longestPathLayers(reversed);
  }

  it('are all that a course requires, directly or not, with the longest way to each: for every course', async () => {
    for (const { code, prerequisites } of catalogueCourses) {
      const { json } = await call<Prerequisites>(`/courses/${courseId(code)}/prerequisites`);
      prerequisitesSchema.parse(json);
      expect(json.course).toMatchObject({ code, prerequisites: [...prerequisites].sort() });
      const depths = depthsBelow(code);
      depths.delete(code);
      expect(new Map(json.requires.map((node) => [node.code, node.depth]))).toEqual(depths);
      for (const node of json.requires)
        expect(node.requires).toEqual([...(graph.get(node.code) ?? [])].sort());
    }
  });
});

describe('an answer for caches', () => {
  const paths = [
    '/courses?limit=3',
    '/courses/code/CS201',
    `/courses/${courseId('CS201')}`,
    `/courses/${courseId('CS201')}/prerequisites`,
    '/internal/courses',
  ];

  it.each(paths)('%s is 304 without a body for those who have it', async (path) => {
    const { etag, tags } = await call(path);
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await call(path, { headers: { 'if-none-match': known } });
      expect([again.status, again.text, again.etag, again.tags]).toEqual([304, '', etag, tags]);
    }
    expect((await call(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it.each([
    [paths[0], ['courses', 'course:BIO100', 'course:BIO101', 'course:BIO102']],
    [paths[1], ['course:CS201']],
    [paths[2], ['course:CS201']],
    [paths[3], ['course:CS201', 'course:CS101', 'course:CS102', 'course:CS120']],
    [paths[4], ['courses:every']],
  ])('%s carries the tags %j', async (path = '', tags) => {
    expect((await call(path)).tags).toEqual(tags);
  });
});

const input = (changes: Partial<CourseInput> = {}): CourseInput => ({
  code: 'CS798',
  title: 'Performance of Distributed Systems',
  department: 'Computer Science',
  level: 'GRADUATE',
  credits: 3,
  description: 'Queues, tails and what users feel.',
  terms: ['SPRING'],
  prerequisites: ['CS501', 'CS301'],
  ...changes,
});

/** What a `PUT` sends that changes nothing. */
async function inputOf(code: string): Promise<CourseInput> {
  const { json } = await call<Course>(`/courses/code/${code}`);
  return courseInputSchema.strip().parse(json);
}

const registrar = { role: 'registrar' } as const;
const create = (body: unknown) => call<Course>('/courses', { ...registrar, method: 'POST', body });
const replace = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  call<Course>(`/courses/${id}`, { ...registrar, method: 'PUT', body, headers });
const remove = (id: string, headers: Record<string, string> = {}) =>
  call<Problem>(`/courses/${id}`, { ...registrar, method: 'DELETE', headers });

let lastNumber = 0;
/** A new course under a code of its own. */
async function newCourse(changes: Partial<CourseInput> = {}): Promise<Course> {
  const code = `TST${100 + lastNumber++}`;
  const { status, json } = await create(input({ code, prerequisites: [], ...changes }));
  expect(status).toBe(201);
  return json;
}

describe('a registrar', () => {
  it.each<[string, string, Role | undefined, number]>([
    ['POST', '/courses', undefined, 401],
    ['PUT', `/courses/${courseId('CS101')}`, undefined, 401],
    ['DELETE', `/courses/${courseId('CS101')}`, undefined, 401],
    ['POST', '/courses', 'student', 403],
    ['PUT', `/courses/${courseId('CS101')}`, 'student', 403],
    ['DELETE', `/courses/${courseId('CS101')}`, 'student', 403],
  ])('is the only one who may %s %s (as %s: %i)', async (method, path, role, status) => {
    const body = method === 'DELETE' ? undefined : input();
    expectProblem(await call(path, { method, role, body }), status);
  });

  it('adds a course', async () => {
    const answer = await create(
      input({ terms: ['FALL', 'SPRING', 'FALL'], prerequisites: ['CS501', 'CS301', 'CS501'] }),
    );
    expect(answer.status).toBe(201);
    expect(courseSchema.parse(answer.json)).toMatchObject({
      ...input({ terms: ['FALL', 'SPRING'], prerequisites: ['CS301', 'CS501'] }),
      version: 1,
    });
    const read = await call('/courses/code/CS798');
    expect([read.json, read.etag]).toEqual([answer.json, answer.etag]);
  });

  it('cannot add a code twice', async () => {
    expectProblem(await create(input({ code: 'CS101' })), 409);
  });

  it('finds what was added in a search of which the total was remembered', async () => {
    const total = async () => (await call<CoursePage>('/courses?q=quaternion')).json.page.total;
    expect([await total(), await total()]).toEqual([0, 0]);
    const { id } = await newCourse({ title: 'Quaternions' });
    expect([await total(), await total()]).toEqual([1, 1]);
    await remove(id);
    expect(await total()).toBe(0);
  });

  it('finds any letter in any case', async () => {
    const { id, code } = await newCourse({ title: 'École ÇA ΛΌΓΟΣ' });
    for (const q of ['école', 'ÉCOLE', 'ça', 'λόγο']) {
      expect(codesOf(await search(`q=${encodeURIComponent(q)}`))).toEqual([code]);
    }
    await remove(id);
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['a list', []],
    ['a code that is none', input({ code: 'cs798' })],
    ['no title', input({ title: ' ' })],
    ['NUL in the title', input({ title: 'a\0b' })],
    ['half a character in the description', input({ description: 'a\ud83d' })],
    ['NUL in the department', input({ department: '\0' })],
    ['too many credits', input({ credits: 1000 })],
    ['half a credit', input({ credits: 2.5 })],
    ['no terms', input({ terms: [] })],
    ['prerequisites that are no codes', input({ prerequisites: ['algorithms'] })],
    ['a member too many', { ...input(), id: courseId('CS101') }],
    ['text for a number', { ...input(), credits: '3' }],
  ])('cannot write %s', async (_, body) => {
    expectProblem(await create(body), 400);
    expectProblem(await replace(courseId('CS101'), body), 400);
  });

  it('writes any other text as it is', async () => {
    const title = `'; DROP TABLE courses; -- \\ % _ "🎓" \u200f`;
    const { json } = await create(input({ code: 'TST199', title, prerequisites: [] }));
    expect(json.title).toBe(title.trim());
    expect((await call<Course>('/courses/code/TST199')).json.title).toBe(title.trim());
  });

  it('replaces a course, version by version', async () => {
    const { id, code } = await newCourse({ prerequisites: ['CS101', 'CS102'] });
    const change = input({ code, title: 'Changed', prerequisites: ['CS102', 'CS201'] });
    const answer = await replace(id, change);
    expect([answer.status, answer.json]).toEqual([200, { ...change, id, version: 2 }]);
    expect((await call(`/courses/${id}`)).json).toEqual(answer.json);
    expect((await replace(id, { ...change, prerequisites: [] })).json).toMatchObject({
      prerequisites: [],
      version: 3,
    });
    expect((await replace(id, { ...change, prerequisites: [] })).json.version).toBe(4);
  });

  it('overwrites nobody who was faster', async () => {
    const { id, code } = await newCourse();
    const { etag } = await call(`/courses/${id}`);
    const body = input({ code, prerequisites: [] });
    const first = await replace(id, body, { 'if-match': etag });
    expect(first.status).toBe(200);
    expectProblem(await replace(id, body, { 'if-match': etag }), 412);
    expectProblem(await replace(id, body, { 'if-match': `W/${first.etag}` }), 412);
    expectProblem(await remove(id, { 'if-match': etag }), 412);
    expect((await replace(id, body, { 'if-match': `${etag}, ${first.etag}` })).status).toBe(200);
    expect((await replace(id, body, { 'if-match': '*' })).status).toBe(200);
    expect((await replace(id, body)).json.version).toBe(5);
  });

  it('cannot change a code', async () => {
    const { id } = await newCourse();
    const answer = await replace(id, input({ code: 'CS799' }));
    expectProblem(answer, 422);
    expect(answer.text).toContain('as a new course');
  });

  it.each(['PUT', 'DELETE'])('cannot %s what is not there', async (method) => {
    const body = method === 'PUT' ? input() : undefined;
    expectProblem(
      await call('/courses/00000000-0000-4000-8000-000000000000', { ...registrar, method, body }),
      404,
    );
    expectProblem(await call('/courses/CS101', { ...registrar, method, body }), 400);
  });

  it('can require only what exists, and never the course itself', async () => {
    const { id, code } = await newCourse();
    for (const [prerequisites, named] of [
      [['CS199', 'CS101', 'CS198'], 'CS199 or CS198'],
      [[code], `${code} cannot require itself`],
    ] as const) {
      const answer = await replace(id, input({ code, prerequisites: [...prerequisites] }));
      expectProblem(answer, 422);
      expect(answer.text).toContain(named);
    }
    expectProblem(await create(input({ code: 'CS797', prerequisites: ['CS797'] })), 422);
    expectProblem(await create(input({ code: 'CS797', prerequisites: ['CS796'] })), 422);
    expect((await call('/courses/code/CS797')).status).toBe(404);
  });

  it('cannot close a circle of prerequisites, and is told which', async () => {
    const before = await call('/courses/code/CS101');
    const direct = await replace(courseId('CS101'), {
      ...(await inputOf('CS101')),
      prerequisites: ['CS102'],
    });
    expectProblem(direct, 422);
    expect(direct.text).toMatch(/CS101 requires CS102 requires CS101|CS102 requires CS101 requires CS102/);
    const far = await replace(courseId('CS101'), { ...(await inputOf('CS101')), prerequisites: ['CS301'] });
    expectProblem(far, 422);
    expect(far.text).toMatch(/CS301 requires .*CS101/);
    expect((await call('/courses/code/CS101')).text).toBe(before.text);
  });

  it('cannot remove what others require', async () => {
    const { id, code } = await newCourse();
    const dependant = await newCourse({ prerequisites: [code] });
    const refused = await remove(id);
    expectProblem(refused, 409);
    expect(refused.text).toContain(dependant.code);
    expect((await remove(dependant.id)).status).toBe(204);
    expect((await remove(id)).status).toBe(204);
    expectProblem(await call(`/courses/${id}`), 404);
    expectProblem(await remove(id), 404);
  });

  it('may add a removed course again, and no cache takes the new one for the old one', async () => {
    const { id, code } = await newCourse();
    const { etag } = await call(`/courses/code/${code}`);
    await remove(id);
    expect((await create(input({ code, title: 'Another', prerequisites: [] }))).json.version).toBe(1);
    const again = await call<Course>(`/courses/code/${code}`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.json.title]).toEqual([200, 'Another']);
  });
});

describe('registrars at the same time', () => {
  it('cannot close a circle between them', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await newCourse(), await newCourse()];
      const answers = await Promise.all([
        replace(a.id, input({ code: a.code, prerequisites: [b.code] })),
        replace(b.id, input({ code: b.code, prerequisites: [a.code] })),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    }
  });

  it('count versions up one by one', async () => {
    const { id, code } = await newCourse();
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => replace(id, input({ code, prerequisites: [] }))),
    );
    const versions = answers.map(({ json }) => json.version).sort((x, y) => x - y);
    expect(versions).toEqual(Array.from({ length: 25 }, (_, index) => index + 2));
  });

  it('are let through one by one where they name what they saw', async () => {
    const { id, code } = await newCourse();
    const { etag } = await call(`/courses/${id}`);
    const body = input({ code, prerequisites: [] });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => replace(id, body, { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
  });

  it('add a code once', async () => {
    const body = input({ code: 'CS795', prerequisites: [] });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  });

  it('cannot require a course that is removed meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const [needed, other] = [await newCourse(), await newCourse()];
      const [required, removed] = await Promise.all([
        replace(other.id, input({ code: other.code, prerequisites: [needed.code] })),
        remove(needed.id),
      ]);
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual([required.status, removed.status]);
    }
  });
});

describe('the catalogue for other services', () => {
  it('holds every course as the API shows it, and changes its ETag with every write', async () => {
    const { json, etag } = await call<CourseIndex>('/internal/courses');
    expect(courseIndexSchema.parse(json).courses).toEqual(await search(''));
    const { id } = await newCourse();
    const changed = await call<CourseIndex>('/internal/courses', { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.json.courses).toHaveLength(json.courses.length + 1);
    await remove(id);
    expect(codesOf((await call<CourseIndex>('/internal/courses')).json.courses)).toEqual(
      codesOf(json.courses),
    );
  });
});

describe('events', () => {
  /** The events of what `change` does: a last one shows that all before it have come. */
  async function eventsOf(change: () => Promise<unknown>): Promise<DomainEvent[]> {
    const first = await newCourse();
    await change();
    const last = await newCourse();
    const position = (id: string) => events.findIndex(({ entityId }) => entityId === id);
    for (const deadlineMs = Date.now() + 5000; position(last.id) < 0; await sleep(10)) {
      if (Date.now() > deadlineMs) throw new Error('no event came');
    }
    return events.slice(position(first.id) + 1, position(last.id));
  }

  it('tell of each change, with the tags of what it makes untrue', async () => {
    let course: Course | undefined;
    const told = await eventsOf(async () => {
      course = await newCourse();
      await replace(course.id, input({ code: course.code, prerequisites: [] }));
      await remove(course.id);
    });
    const entityId = course?.id;
    const showsIt = [`course:${course?.code}`, 'courses:every'];
    const listsIt = [
      'courses',
      'courses:department:Computer%20Science',
      'courses:level:GRADUATE',
      'courses:term:SPRING',
      'courses:text',
    ];
    expect(told).toMatchObject([
      { type: 'course.changed', version: 1, entityId, tags: [...showsIt, ...listsIt] },
      { type: 'course.changed', version: 2, entityId, tags: showsIt },
      { type: 'course.deleted', version: 3, entityId, tags: [...showsIt, ...listsIt] },
    ]);
  });

  it('evict the prerequisites of all courses that require the changed one, directly or not', async () => {
    const path = `/courses/${courseId('CS301')}/prerequisites`;
    const before = await call(path);
    const change = { ...(await inputOf('CS101')), title: 'Beginnings' };
    const [told] = await eventsOf(() => replace(courseId('CS101'), change));
    expect((await call(path)).text).not.toBe(before.text);
    expect(before.tags.filter((tag) => told?.tags.includes(tag))).not.toEqual([]);
  });

  it('do not tell of what was refused', async () => {
    const circle = { ...(await inputOf('CS101')), prerequisites: ['CS301'] };
    const told = await eventsOf(async () => {
      await create(input({ code: 'CS101' }));
      await replace(courseId('CS101'), circle);
      await remove(courseId('CS101'));
    });
    expect(told).toEqual([]);
  });
});

describe('access', () => {
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await fetch(`${service.url}${path}`, { headers })).status;

  it.each(['/courses', '/courses/code/CS101', '/internal/courses'])(
    'to %s is nobody’s who comes directly',
    async (path) => {
      expect(await statusOf(path, {})).toBe(401);
      expect(await statusOf(path, asEdge('degree-service'))).toBe(401);
    },
  );

  it.each(['degree-service', 'student-service'])('to the index is also %s’s', async (peer) => {
    expect(await statusOf('/internal/courses', asCaller(peer, name))).toBe(200);
    expect(await statusOf('/courses', asCaller(peer, name))).toBe(403);
  });
});
