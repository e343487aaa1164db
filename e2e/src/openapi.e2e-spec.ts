/** The OpenAPI document is held against live answers: every operation, and a problem answer of each that has one. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Course, type Degree, edgeRoutes } from '@flowchart/contracts';
import { type Answer, call, login } from './edge-client.js';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

const unusedCode = 'CS797';
const input = {
  code: unusedCode,
  title: 'Spare',
  department: 'Computer Science',
  level: 'GRADUATE',
  credits: 3,
  terms: ['FALL'],
};

describe('the OpenAPI document', () => {
  let api: OpenApi;
  let course: Course;
  let degree: Degree;
  let spare: Course;
  let student: string;
  let registrar: string;

  beforeAll(async () => {
    api = (await call('/openapi.json')).json;
    course = (await call('/courses/code/CS301')).json;
    degree = (await call('/degrees/code/MSCS')).json;
    student = (await login('student6')).accessToken;
    registrar = (await login('registrar')).accessToken;
    spare = (await call('/courses', { token: registrar, body: { ...input, code: 'CS796' } })).json;
  });

  function expectAsDocumented(operation: Operation, answer: Answer): void {
    const documented = operation.responses[String(answer.status)];
    if (!documented)
      throw new Error(`${operation.operationId} does not document ${answer.status}: ${answer.text}`);
    const [type, media] = Object.entries(documented.content ?? {})[0] ?? [];
    if (!media) return expect(answer.text).toBe('');
    expect(answer.headers.get('content-type')).toContain(type);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajvFormats.default(ajv);
    const validate = ajv.compile({ ...media.schema, components: api.components });
    validate(answer.json);
    expect(validate.errors ?? []).toEqual([]);
  }

  /** One good call of every operation. */
  const good: Record<string, () => Promise<Answer>> = {
    listCourses: () => call('/courses?level=GRADUATE&limit=5'),
    getCourseByCode: () => call(`/courses/code/${course.code}`),
    getCourse: () => call(`/courses/${course.id}`),
    getPrerequisites: () => call(`/courses/${course.id}/prerequisites`),
    listDegrees: () => call('/degrees'),
    getDegreeByCode: () => call('/degrees/code/MSCS'),
    getDegree: () => call(`/degrees/${degree.id}`),
    getRequirements: () => call(`/degrees/${degree.id}/requirements`),
    getConstraints: () => call(`/degrees/${degree.id}/constraints`),
    getFlowchart: () => call(`/degrees/${degree.id}/flowchart`),
    login: () => call('/auth/login', { body: { username: 'student7', password: 'flowchart' } }),
    logout: async () =>
      call('/auth/logout', { method: 'POST', token: (await login('student8')).accessToken }),
    getAuthStatus: () => call('/auth/status', { token: student }),
    getTokenKeys: () => call('/.well-known/jwks.json'),
    getProfile: () => call('/students/me', { token: student }),
    getTranscript: () => call('/students/me/transcript', { token: student }),
    getAudit: () => call('/students/me/audit', { token: student }),
    getPlan: () => call('/students/me/plan', { token: student }),
    savePlan: async () =>
      call('/students/me/plan', {
        method: 'PUT',
        token: student,
        body: { terms: [] },
        headers: {
          'if-match': (await call('/students/me/plan', { token: student })).headers.get('etag') as string,
        },
      }),
    createCourse: () => call('/courses', { token: registrar, body: input }),
    updateCourse: () =>
      call(`/courses/${spare.id}`, { method: 'PUT', token: registrar, body: { ...input, code: 'CS796' } }),
    deleteCourse: () => call(`/courses/${spare.id}`, { method: 'DELETE', token: registrar }),
    updateDegree: async () => {
      const { name, department, totalCredits } = (await call('/degrees/code/MSMATH')).json as Degree;
      const { id } = (await call('/degrees/code/MSMATH')).json as Degree;
      return call(`/degrees/${id}`, {
        method: 'PUT',
        token: registrar,
        body: { name, department, totalCredits },
      });
    },
  };

  /** A call of each operation that is refused. */
  const bad: Record<string, () => Promise<Answer>> = {
    listCourses: () => call('/courses?limit=0'),
    getCourseByCode: () => call('/courses/code/ZZ999'),
    getCourse: () => call('/courses/no-uuid'),
    getPrerequisites: () => call('/courses/no-uuid/prerequisites'),
    listDegrees: () => call('/degrees?limit=x'),
    getDegreeByCode: () => call('/degrees/code/NONE'),
    getDegree: () => call('/degrees/no-uuid'),
    getRequirements: () => call('/degrees/no-uuid/requirements'),
    getConstraints: () => call('/degrees/no-uuid/constraints'),
    getFlowchart: () => call('/degrees/no-uuid/flowchart'),
    login: () => call('/auth/login', { body: {} }),
    logout: () => call('/auth/logout', { method: 'POST' }),
    getProfile: () => call('/students/me'),
    getTranscript: () => call('/students/me/transcript'),
    getAudit: () => call('/students/me/audit'),
    getPlan: () => call('/students/me/plan'),
    savePlan: () => call('/students/me/plan', { method: 'PUT', token: student, body: { terms: [] } }),
    createCourse: () => call('/courses', { token: student, body: input }),
    updateCourse: () => call(`/courses/${course.id}`, { method: 'PUT', body: input }),
    deleteCourse: () => call('/courses/no-uuid', { method: 'DELETE', token: registrar }),
    updateDegree: () => call(`/degrees/${degree.id}`, { method: 'PUT', token: registrar, body: {} }),
  };

  const operationOf = (name: string): Operation => {
    const found = Object.values(api.paths)
      .flatMap((path) => Object.values(path))
      .find(({ operationId }) => operationId === name);
    if (!found) throw new Error(`the document has no operation ${name}`);
    return found;
  };

  it('is OpenAPI 3.1 and has every route of the contract, and no other', () => {
    expect(api.openapi).toMatch(/^3\.1\./);
    const documented = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(edgeRoutes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it.each(edgeRoutes.map(({ operation }) => operation))('%s answers as documented', async (name) => {
    const answer = await (good[name] as () => Promise<Answer>)();
    expect(answer.status).toBeLessThan(300);
    expectAsDocumented(operationOf(name), answer);
  });

  it.each(Object.keys(bad))('%s refuses as documented', async (name) => {
    const answer = await (bad[name] as () => Promise<Answer>)();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expectAsDocumented(operationOf(name), answer);
  });

  it('has a page that needs nothing from elsewhere', async () => {
    const page = await call('/docs/');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
  });
});
