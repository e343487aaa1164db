import { describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { openApiDocument } from './openapi.js';

interface Operation {
  readonly operationId: string;
  readonly security: object[];
  readonly parameters?: { in: string; name: string; required?: boolean; schema: object }[];
  readonly requestBody?: object;
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};
const operation = (path: string, method: string): Operation => {
  const found = document.paths[path]?.[method];
  if (!found) throw new Error(`no ${method} ${path}`);
  return found;
};

describe('the OpenAPI document', () => {
  it('has every row of the route table with its answers', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const route of edgeRoutes) {
      const { operationId, responses, requestBody } = operation(route.path, route.method.toLowerCase());
      expect(operationId).toBe(route.operation);
      const expected = [route.ok.status, ...route.problems].map(String);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining([...expected, 'default']));
      expect(requestBody !== undefined).toBe(route.body !== undefined);
    }
    expect(Object.values(document.paths).flatMap(Object.keys)).toHaveLength(edgeRoutes.length);
  });

  it('describes parameters as a client sends them', () => {
    const { parameters = [] } = operation('/courses', 'get');
    expect(parameters.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual([
      ...['level', 'department', 'q', 'term', 'limit', 'cursor'],
    ]);
    const limit = parameters.find(({ name }) => name === 'limit');
    expect(limit?.schema).toEqual({ type: 'integer', minimum: 1, maximum: 100, default: 20 });
    expect(parameters.some(({ required }) => required)).toBe(false);
    expect(operation('/courses/{id}', 'get').parameters?.[0]).toMatchObject({
      in: 'path',
      name: 'id',
      required: true,
    });
  });

  it('asks for a token where one is needed', () => {
    expect(operation('/courses', 'get').security).toEqual([]);
    expect(operation('/auth/status', 'get').security).toEqual([{}, { bearer: [] }]);
    expect(operation('/students/me', 'get').security).toEqual([{ bearer: [] }]);
    expect(operation('/courses', 'post').security).toEqual([{ bearer: [] }]);
  });

  it('demands If-Match where the service does', () => {
    const ifMatch = (path: string) =>
      operation(path, 'put').parameters?.find(({ name }) => name === 'If-Match');
    expect(ifMatch('/students/me/plan')?.required).toBe(true);
    expect(ifMatch('/courses/{id}')?.required ?? false).toBe(false);
  });

  it('has no reference to a schema that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => !document.components.schemas[name ?? ''])).toEqual([]);
  });
});
