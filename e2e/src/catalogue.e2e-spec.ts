/** The public half of the API: what anybody may read. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Course,
  CoursePage,
  Degree,
  DegreePage,
  Flowchart,
  Prerequisites,
  Problem,
} from '@flowchart/contracts';
import { call } from './edge-client.js';

const read = async <T>(path: string): Promise<T> => {
  const answer = await call(path);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.json;
};

async function allCourses(query = ''): Promise<Course[]> {
  const courses: Course[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page: CoursePage = await read(`/courses?limit=100${query}${next && `&cursor=${next}`}`);
    courses.push(...page.items);
    next = page.page.next;
  }
  return courses;
}

describe('GET /courses', () => {
  it('pages through at least 300 courses of 8 departments, each once', async () => {
    const courses = await allCourses();
    expect(courses.length).toBeGreaterThanOrEqual(300);
    expect(new Set(courses.map(({ id }) => id)).size).toBe(courses.length);
    const departments = new Set(courses.map(({ department }) => department));
    expect(departments.size).toBe(8);
    expect(departments).toContain('Computer Science');
    expect((await read<CoursePage>('/courses')).page).toMatchObject({ limit: 20, total: courses.length });
  });

  it('filters by level, department, term and words, one by one and together', async () => {
    const courses = await allCourses();
    const codes = (list: Course[]) => list.map(({ code }) => code).sort();
    const isGraduateCs = (course: Course) =>
      course.level === 'GRADUATE' && course.department === 'Computer Science';

    expect(codes(await allCourses('&level=GRADUATE'))).toEqual(
      codes(courses.filter(({ level }) => level === 'GRADUATE')),
    );
    expect(codes(await allCourses('&level=GRADUATE&department=Computer%20Science'))).toEqual(
      codes(courses.filter(isGraduateCs)),
    );
    expect(codes(await allCourses('&term=SUMMER'))).toEqual(
      codes(courses.filter(({ terms }) => terms.includes('SUMMER'))),
    );
    const found = await allCourses('&q=algorithm');
    expect(found.length).toBeGreaterThan(0);
    for (const { code, title, description } of found) {
      expect(`${code} ${title} ${description}`.toLowerCase()).toContain('algorithm');
    }
  });

  it('finds nothing where there is nothing, without failing', async () => {
    expect(await read<CoursePage>('/courses?department=Alchemy')).toMatchObject({
      items: [],
      page: { total: 0, next: null },
    });
    expect((await call(`/courses?q=${encodeURIComponent('100%_\\')}`)).status).toBe(200);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e9',
    'limit=-1',
    'limit=abc',
    'level=DOCTORATE',
    'term=WINTER',
    'cursor=bm9uc2Vuc2U',
    'cursor=%25%25',
    'colour=red',
    'level=GRADUATE&level=UNDERGRADUATE',
    'q=%00',
    `q=${'x'.repeat(101)}`,
  ])('refuses ?%s with 400', async (query) => {
    const answer = await call(`/courses?${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('problem+json'),
    ]);
    const problem: Problem = answer.json;
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  });
});

describe('one course', () => {
  let course: Course;
  beforeAll(async () => {
    course = await read('/courses/code/CS301');
  });

  it('is found by code and by id', async () => {
    expect(course.code).toBe('CS301');
    expect(await read(`/courses/${course.id}`)).toEqual(course);
  });

  it.each([
    ['/courses/code/ZZ999', 404],
    ['/courses/code/not-a-code', 404],
    ['/courses/00000000-0000-4000-8000-000000000000', 404],
    ['/courses/not-a-uuid', 400],
    ['/courses/not-a-uuid/prerequisites', 400],
    ['/courses/00000000-0000-4000-8000-000000000000/prerequisites', 404],
  ])('%s answers %i', async (path, status) => {
    expect((await call(path)).status).toBe(status);
  });

  it('lists all it requires as a DAG that is closed', async () => {
    const { course: itself, requires } = await read<Prerequisites>(`/courses/${course.id}/prerequisites`);
    expect(itself.code).toBe('CS301');
    const codes = new Set(requires.map(({ code }) => code));
    expect(codes.size).toBe(requires.length);
    for (const code of itself.prerequisites) expect(codes).toContain(code);
    for (const node of requires) for (const needed of node.requires) expect(codes).toContain(needed);
  });
});

describe('degrees', () => {
  let mscs: Degree;
  beforeAll(async () => {
    mscs = await read('/degrees/code/MSCS');
  });

  it('are at least 12, MSCS among them', async () => {
    const { items, page } = await read<DegreePage>('/degrees?limit=100');
    expect(page.total).toBe(items.length);
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(items).toContainEqual(mscs);
    expect(await read(`/degrees/${mscs.id}`)).toEqual(mscs);
  });

  it('tell their requirements and constraints', async () => {
    const { requirements } = await read<{ requirements: { kind: string }[] }>(
      `/degrees/${mscs.id}/requirements`,
    );
    const { constraints } = await read<{ constraints: { kind: string }[] }>(
      `/degrees/${mscs.id}/constraints`,
    );
    expect(new Set(requirements.map(({ kind }) => kind))).toEqual(
      new Set(['ALL_OF', 'CHOOSE_N', 'CREDITS_FROM']),
    );
    expect(constraints.map(({ kind }) => kind).sort()).toEqual([
      'MAX_CREDITS_PER_TERM',
      'MAX_TRANSFER_CREDITS',
      'MAX_YEARS',
      'MINIMUM_GPA',
      'TOTAL_CREDITS',
    ]);
  });

  it('have a flowchart in which every edge goes from an earlier layer to a later one', async () => {
    const bscs = await read<Degree>('/degrees/code/BSCS');
    const { nodes, edges, layers } = await read<Flowchart>(`/degrees/${bscs.id}/flowchart`);
    const layerOf = new Map(nodes.map(({ code, layer }) => [code, layer]));
    expect(edges.length).toBeGreaterThan(10);
    for (const { from, to } of edges) expect(layerOf.get(from)).toBeLessThan(layerOf.get(to) as number);
    expect(layers.flat().sort()).toEqual(nodes.map(({ code }) => code).sort());
  });

  it.each([
    ['/degrees/code/NONE', 404],
    ['/degrees/not-a-uuid', 400],
    ['/degrees/00000000-0000-4000-8000-000000000000/flowchart', 404],
    ['/degrees?limit=0', 400],
    ['/degrees?cursor=x', 400],
  ])('%s answers %i', async (path, status) => {
    expect((await call(path)).status).toBe(status);
  });
});

describe('caching', () => {
  it('answers the second time from the process, with a validator that works', async () => {
    const path = '/courses?level=UNDERGRADUATE&limit=7';
    const first = await call(path);
    const second = await call(path);
    expect(['L1', 'L2', 'MISS']).toContain(first.headers.get('x-cache'));
    expect(second.headers.get('x-cache')).toBe('L1');
    expect(second.text).toBe(first.text);
    expect(second.headers.get('cache-control')).toMatch(/public.*stale-while-revalidate.*stale-if-error/);

    const etag = second.headers.get('etag') as string;
    expect(etag).toMatch(/^"[^"]+"$/);
    const unchanged = await call(path, { headers: { 'if-none-match': etag } });
    expect([unchanged.status, unchanged.text, unchanged.headers.get('etag')]).toEqual([304, '', etag]);
  });

  it('knows that the order of parameters does not matter', async () => {
    await call('/courses?term=FALL&limit=9');
    expect((await call('/courses?limit=9&term=FALL')).headers.get('x-cache')).toBe('L1');
  });
});

describe('everything else', () => {
  it.each([
    ['GET', '/nowhere', 404],
    ['GET', '/internal/courses', 404],
    ['POST', '/internal/credentials', 404],
    ['GET', '/actuator/env', 404],
    ['DELETE', '/degrees', 405],
    ['PATCH', '/courses', 405],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await call(path, { method })).status).toBe(status);
  });

  it('carries a request id, the given one when it is sane', async () => {
    expect(
      (await call('/courses', { headers: { 'x-request-id': 'mine-1' } })).headers.get('x-request-id'),
    ).toBe('mine-1');
    const made = [await call('/nowhere'), await call('/courses')].map(({ headers }) =>
      headers.get('x-request-id'),
    );
    for (const id of made) expect(id).toMatch(/^[\w-]{12,}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});
