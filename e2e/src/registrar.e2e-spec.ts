/** Writes by the registrar, and that everybody sees them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Course, CourseInput, Degree } from '@flowchart/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, login } from './edge-client.js';

const VISIBLE_WITHIN_MS = 2000;

async function eventually<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  const deadlineMs = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const value = await read();
    if (isRight(value) || Date.now() > deadlineMs) return value;
    await sleep(20);
  }
}

const input = (changes: Partial<CourseInput> = {}): CourseInput => ({
  code: 'CS798',
  title: 'Performance of Distributed Systems',
  department: 'Computer Science',
  level: 'GRADUATE',
  credits: 3,
  description: 'Queues, tails and what users feel.',
  terms: ['SPRING'],
  prerequisites: [],
  ...changes,
});

describe('a registrar', () => {
  let token: string;
  let created: Course;

  beforeAll(async () => {
    token = (await login('registrar')).accessToken;
  });

  const put = (course: CourseInput, headers: Record<string, string> = {}) =>
    call(`/courses/${created.id}`, { method: 'PUT', token, headers, body: course });

  it('adds a course, and a search that has been cached before shows it', async () => {
    const search = () => call('/courses?q=Performance%20of%20Distributed');
    expect((await search()).text).not.toContain('CS798');
    const answer = await call('/courses', { token, body: input() });
    expect(answer.status).toBe(201);
    created = answer.json;
    expect(created).toMatchObject({ ...input(), version: 1 });
    const { text } = await eventually(search, ({ text }) => text.includes('CS798'));
    expect(text).toContain('CS798');
  });

  it('cannot add it twice', async () => {
    expect((await call('/courses', { token, body: input() })).status).toBe(409);
  });

  it('changes it, and the cached course changes', async () => {
    const read = () => call('/courses/code/CS798');
    const before = await read();
    const answer = await put(input({ title: 'Changed' }), {
      'if-match': before.headers.get('etag') as string,
    });
    expect(answer.json).toMatchObject({ title: 'Changed', version: 2 });
    const after = await eventually(read, ({ text }) => text.includes('Changed'));
    expect(after.json).toMatchObject({ title: 'Changed', version: 2 });
  });

  it('is told when somebody else was faster', async () => {
    expect((await put(input(), { 'if-match': '"1"' })).status).toBe(412);
  });

  it.each([
    ['a prerequisite that does not exist', input({ prerequisites: ['CS199'] }), 422],
    ['itself as a prerequisite', input({ prerequisites: ['CS798'] }), 422],
    ['no title', input({ title: '' }), 400],
    ['a thousand credits', input({ credits: 1000 }), 400],
  ])('cannot give it %s', async (_, body, status) => {
    expect((await put(body)).status).toBe(status);
  });

  it('cannot close a circle of prerequisites', async () => {
    const intro: Course = (await call('/courses/code/CS101')).json;
    const { id, version, ...rest } = intro;
    expect(version).toBeGreaterThan(0);
    const answer = await call(`/courses/${id}`, {
      method: 'PUT',
      token,
      body: { ...rest, prerequisites: ['CS102'] },
    });
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('CS102')]);
  });

  it('cannot delete what others require', async () => {
    const intro: Course = (await call('/courses/code/CS101')).json;
    expect((await call(`/courses/${intro.id}`, { method: 'DELETE', token })).status).toBe(409);
  });

  it('deletes it, and it is gone for all', async () => {
    expect((await call(`/courses/${created.id}`, { method: 'DELETE', token })).status).toBe(204);
    expect(
      (
        await eventually(
          () => call('/courses/code/CS798'),
          ({ status }) => status === 404,
        )
      ).status,
    ).toBe(404);
    expect((await call(`/courses/${created.id}`, { method: 'DELETE', token })).status).toBe(404);
  });

  it('changes a degree', async () => {
    const degree: Degree = (await call('/degrees/code/BAENGL')).json;
    const body = {
      name: 'English, revised',
      department: degree.department,
      totalCredits: degree.totalCredits,
    };
    const saved = await call(`/degrees/${degree.id}`, { method: 'PUT', token, body });
    expect(saved.json).toMatchObject({ name: 'English, revised', version: degree.version + 1 });
    const shown = await eventually(
      () => call('/degrees/code/BAENGL'),
      ({ text }) => text.includes('revised'),
    );
    expect(shown.text).toContain('revised');
    const bad = { ...body, requirements: [{ kind: 'CHOOSE_N', title: 'x', choose: 1, courses: ['ZZ199'] }] };
    expect((await call(`/degrees/${degree.id}`, { method: 'PUT', token, body: bad })).status).toBe(422);
  });

  it('has no student record', async () => {
    expect((await call('/students/me', { token })).status).toBe(403);
    expect((await call('/auth/status', { token })).json).toMatchObject({ authenticated: true });
  });
});
