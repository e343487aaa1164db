import { type EdgeRoute, edgeRoutes, problemContentType, problemSchema } from '@flowchart/contracts';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';

/** The edge's HTTP API in OpenAPI 3.1, made from the route table. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  const described: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: {
      title: 'Degree Flowchart',
      version,
      description: 'Courses, degrees, prerequisites and a student’s way through them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Courses', description: 'The catalogue' },
      { name: 'Degrees', description: 'What a degree takes' },
      { name: 'Sessions', description: 'Logging in and out' },
      { name: 'Students', description: 'My own record and plan' },
    ],
    paths: paths(),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
  return createDocument(described, {
    override: ({ jsonSchema }) => {
      // What is parsed from text is described as what it means: the pattern of the text is of no use to a client.
      if ('override' in jsonSchema) delete jsonSchema.pattern;
    },
  });
}

const tagOf = { course: 'Courses', degree: 'Degrees', edge: 'Sessions', student: 'Students' } as const;

function paths(): ZodOpenApiPathsObject {
  const byPath: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of edgeRoutes) {
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return byPath;
}

function operation(route: EdgeRoute): ZodOpenApiOperationObject {
  const { operation: operationId, summary, owner, params, query, body } = route;
  const header = conditionalHeaders(route);
  return {
    operationId,
    summary,
    tags: [tagOf[owner]],
    security: securityOf(route),
    requestParams: { ...(params && { path: params }), ...(query && { query }), ...(header && { header }) },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: responses(route),
  };
}

function securityOf({ access }: EdgeRoute): Record<string, string[]>[] {
  if (access === 'public') return [];
  return access === 'optional' ? [{}, { bearer: [] }] : [{ bearer: [] }];
}

function conditionalHeaders({ freshSeconds, problems }: EdgeRoute): z.ZodObject | undefined {
  if (freshSeconds !== undefined) {
    return z.object({
      'If-None-Match': z.string().optional().describe('`ETag` of an answer that is already there'),
    });
  }
  if (!problems.includes(412)) return undefined;
  const etag = z.string().describe('`ETag` of the version that is replaced');
  return z.object({ 'If-Match': problems.includes(428) ? etag : etag.optional() });
}

const requestId = z
  .string()
  .describe('Also given in problems and logs; taken over from the request when it is sane');
const etag = z.string().describe('Strong validator of this answer');

/** What a route that needs a service may answer besides its own problems. */
const troubleBehind = [502, 503, 504];
/** What a route that takes a body may answer besides its own problems. */
const troubleWithBody = [413, 415];

function responses(route: EdgeRoute): ZodOpenApiResponsesObject {
  const { status, body } = route.ok;
  const cached = route.freshSeconds !== undefined;
  const own: ZodOpenApiResponsesObject = {
    [`${status}`]: {
      description: descriptions[status] ?? 'Done',
      headers: z.object({ 'X-Request-Id': requestId, ...(cached && cacheHeaders) }),
      ...(body && { content: { 'application/json': { schema: body } } }),
    },
  };
  if (cached) own['304'] = { description: 'The answer is the one you have', headers: z.object(cacheHeaders) };
  const problems = [
    ...route.problems,
    ...(route.body ? troubleWithBody : []),
    ...(route.owner !== 'edge' || route.operation === 'login' ? troubleBehind : []),
  ];
  for (const problem of problems)
    own[`${problem as 400}`] = problemResponse(descriptions[problem] ?? 'Problem');
  own.default = problemResponse('Any other problem');
  return own;
}

const problemResponse = (description: string) => ({
  description,
  content: { [problemContentType.split(';', 1)[0] as string]: { schema: problemSchema } },
});

const cacheHeaders = {
  ETag: etag,
  'Cache-Control': z.string(),
  'X-Cache': z.enum(['L1', 'L2', 'MISS', 'STALE']).describe('Where the answer came from'),
};

const descriptions: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'Done, nothing to say',
  400: 'The request is not valid; the detail says why',
  401: 'Log in first',
  403: 'Not with this role',
  404: 'There is no such thing',
  409: 'It contradicts what is there',
  412: 'Somebody else changed it meanwhile',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'Understood, but against the rules; every violation is listed',
  428: 'Needs `If-Match`',
  429: 'Too many; `Retry-After` says when',
  502: 'A part of the system failed',
  503: 'A part of the system is not available; `Retry-After` says when to try again',
  504: 'A part of the system takes too long',
};
