import { z } from 'zod';
import { accessTokenSchema, authStatusSchema, loginSchema } from './auth.js';
import {
  courseCodeSchema,
  courseInputSchema,
  coursePageSchema,
  courseQuerySchema,
  courseSchema,
  prerequisitesSchema,
} from './courses.js';
import {
  degreeCodeSchema,
  degreeConstraintsSchema,
  degreeInputSchema,
  degreePageSchema,
  degreeQuerySchema,
  degreeRequirementsSchema,
  degreeSchema,
  flowchartSchema,
} from './degrees.js';
import { auditSchema, planInputSchema, planSchema, profileSchema, transcriptSchema } from './students.js';

export type Owner = 'edge' | 'course' | 'degree' | 'student';
export type Access = 'public' | 'optional' | 'student' | 'registrar';

/**
 * One row of the edge's HTTP API. The table below is the only place that lists them: the edge routes by it, the
 * OpenAPI document is made from it, and the load-runner names its endpoints after it.
 */
export interface EdgeRoute {
  readonly operation: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path template with `{parameters}`; also the label of metrics. */
  readonly path: string;
  readonly owner: Owner;
  readonly access: Access;
  /** Seconds for which the answer may be served from a cache without asking; absent: private, never stored. */
  readonly freshSeconds?: number;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly ok: { readonly status: 200 | 201 | 204; readonly body?: z.ZodType };
  /** Statuses of the problem answers that are the route's own; 400, 404, 429 and 503 may come from the edge anyway. */
  readonly problems: readonly number[];
}

const id = z.object({ id: z.uuid() });
const courseCode = z.object({ code: courseCodeSchema });
const degreeCode = z.object({ code: degreeCodeSchema });
const freshSeconds = 60;

const get = <R extends Omit<EdgeRoute, 'method' | 'ok'>>(route: R & { answer: z.ZodType }): EdgeRoute => {
  const { answer, ...rest } = route;
  return { ...rest, method: 'GET', ok: { status: 200, body: answer } };
};

const catalogueRoutes: EdgeRoute[] = [
  get({
    operation: 'listCourses',
    summary: 'Search the course catalogue',
    path: '/courses',
    owner: 'course',
    access: 'public',
    freshSeconds,
    query: courseQuerySchema,
    answer: coursePageSchema,
    problems: [400],
  }),
  get({
    operation: 'getCourseByCode',
    summary: 'One course by its code',
    path: '/courses/code/{code}',
    owner: 'course',
    access: 'public',
    freshSeconds,
    params: courseCode,
    answer: courseSchema,
    problems: [404],
  }),
  get({
    operation: 'getCourse',
    summary: 'One course',
    path: '/courses/{id}',
    owner: 'course',
    access: 'public',
    freshSeconds,
    params: id,
    answer: courseSchema,
    problems: [400, 404],
  }),
  get({
    operation: 'getPrerequisites',
    summary: 'All a course requires, directly and indirectly',
    path: '/courses/{id}/prerequisites',
    owner: 'course',
    access: 'public',
    freshSeconds,
    params: id,
    answer: prerequisitesSchema,
    problems: [400, 404],
  }),
  get({
    operation: 'listDegrees',
    summary: 'All degrees',
    path: '/degrees',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    query: degreeQuerySchema,
    answer: degreePageSchema,
    problems: [400],
  }),
  get({
    operation: 'getDegreeByCode',
    summary: 'One degree by its code',
    path: '/degrees/code/{code}',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    params: degreeCode,
    answer: degreeSchema,
    problems: [404],
  }),
  get({
    operation: 'getDegree',
    summary: 'One degree',
    path: '/degrees/{id}',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    params: id,
    answer: degreeSchema,
    problems: [400, 404],
  }),
  get({
    operation: 'getRequirements',
    summary: 'What a degree requires',
    path: '/degrees/{id}/requirements',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    params: id,
    answer: degreeRequirementsSchema,
    problems: [400, 404],
  }),
  get({
    operation: 'getConstraints',
    summary: 'The limits within which a degree is taken',
    path: '/degrees/{id}/constraints',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    params: id,
    answer: degreeConstraintsSchema,
    problems: [400, 404],
  }),
  get({
    operation: 'getFlowchart',
    summary: 'The prerequisite DAG of a degree laid out in terms',
    path: '/degrees/{id}/flowchart',
    owner: 'degree',
    access: 'public',
    freshSeconds,
    params: id,
    answer: flowchartSchema,
    problems: [400, 404],
  }),
];

const authRoutes: EdgeRoute[] = [
  {
    operation: 'login',
    summary: 'Open a session',
    method: 'POST',
    path: '/auth/login',
    owner: 'edge',
    access: 'public',
    body: loginSchema,
    ok: { status: 200, body: accessTokenSchema },
    problems: [400, 401, 429],
  },
  {
    operation: 'logout',
    summary: 'End the session, at once and on every instance',
    method: 'POST',
    path: '/auth/logout',
    owner: 'edge',
    access: 'student',
    ok: { status: 204 },
    problems: [401],
  },
  get({
    operation: 'getAuthStatus',
    summary: 'Who am I',
    path: '/auth/status',
    owner: 'edge',
    access: 'optional',
    answer: authStatusSchema,
    problems: [],
  }),
];

const studentRoutes: EdgeRoute[] = [
  get({
    operation: 'getProfile',
    summary: 'My profile',
    path: '/students/me',
    owner: 'student',
    access: 'student',
    answer: profileSchema,
    problems: [401, 403],
  }),
  get({
    operation: 'getTranscript',
    summary: 'My transcript with its grade point average',
    path: '/students/me/transcript',
    owner: 'student',
    access: 'student',
    answer: transcriptSchema,
    problems: [401, 403],
  }),
  get({
    operation: 'getAudit',
    summary: 'How far I am in my degree, and what is missing',
    path: '/students/me/audit',
    owner: 'student',
    access: 'student',
    answer: auditSchema,
    problems: [401, 403],
  }),
  get({
    operation: 'getPlan',
    summary: 'My plan; its ETag is what saving asks for',
    path: '/students/me/plan',
    owner: 'student',
    access: 'student',
    answer: planSchema,
    problems: [401, 403],
  }),
  {
    operation: 'savePlan',
    summary: 'Save my plan; needs If-Match',
    method: 'PUT',
    path: '/students/me/plan',
    owner: 'student',
    access: 'student',
    body: planInputSchema,
    ok: { status: 200, body: planSchema },
    problems: [400, 401, 403, 412, 422, 428],
  },
];

const registrarRoutes: EdgeRoute[] = [
  {
    operation: 'createCourse',
    summary: 'Add a course',
    method: 'POST',
    path: '/courses',
    owner: 'course',
    access: 'registrar',
    body: courseInputSchema,
    ok: { status: 201, body: courseSchema },
    problems: [400, 401, 403, 409, 422],
  },
  {
    operation: 'updateCourse',
    summary: 'Replace a course; If-Match guards against lost updates',
    method: 'PUT',
    path: '/courses/{id}',
    owner: 'course',
    access: 'registrar',
    params: id,
    body: courseInputSchema,
    ok: { status: 200, body: courseSchema },
    problems: [400, 401, 403, 404, 409, 412, 422],
  },
  {
    operation: 'deleteCourse',
    summary: 'Remove a course that nothing requires',
    method: 'DELETE',
    path: '/courses/{id}',
    owner: 'course',
    access: 'registrar',
    params: id,
    ok: { status: 204 },
    problems: [400, 401, 403, 404, 409, 412],
  },
  {
    operation: 'updateDegree',
    summary: 'Replace a degree; If-Match guards against lost updates',
    method: 'PUT',
    path: '/degrees/{id}',
    owner: 'degree',
    access: 'registrar',
    params: id,
    body: degreeInputSchema,
    ok: { status: 200, body: degreeSchema },
    problems: [400, 401, 403, 404, 412, 422],
  },
];

export const edgeRoutes: readonly EdgeRoute[] = [
  ...catalogueRoutes,
  ...authRoutes,
  ...studentRoutes,
  ...registrarRoutes,
];
