// The endpoints that figures are kept for: the edge's routes under their operation's name, some split by their use.

import { edgeRoutes, type EdgeRoute } from '@flowchart/contracts';

export interface Endpoint {
  /** Position in `endpoints`: histograms live in arrays, not in maps, on the hot path. */
  readonly index: number;
  /** The tag in thresholds, `http_req_duration{name:login}`. */
  readonly name: string;
  readonly method: EdgeRoute['method'];
  /** What people read in tables: the path template with the query that makes this use special. */
  readonly path: string;
  readonly okStatus: number;
}

const uses: readonly (readonly [operation: string, suffix?: string, query?: string])[] = [
  ['listCourses'],
  ['listCourses', 'ByLevel', '?level={level}'],
  ['listCourses', 'ByDepartment', '?department={department}'],
  ['listCourses', 'NextPage', '?cursor={cursor}'],
  ['getCourseByCode'],
  ['getCourse'],
  ['getPrerequisites'],
  ['listDegrees'],
  ['getDegreeByCode'],
  ['getRequirements'],
  ['getConstraints'],
  ['getFlowchart'],
  ['login'],
  ['getAuthStatus'],
  ['getProfile'],
  ['getTranscript'],
  ['getAudit'],
  ['getPlan'],
  ['savePlan'],
  ['logout'],
];

const ofTheEdge = uses.map(([operation, suffix = '', query = ''], index) => {
  const route = edgeRoutes.find((candidate) => candidate.operation === operation);
  if (!route) throw new Error(`the edge has no operation ${operation}`);
  const { method, path, ok } = route;
  return { index, name: operation + suffix, method, path: path + query, okStatus: ok.status };
});

/** What a flood asks for, kept apart: autocannon measures it, and less of it than we do. */
export const floodEndpoint: Endpoint = {
  index: ofTheEdge.length,
  name: 'flood',
  method: 'GET',
  path: '{flood.path}',
  okStatus: 200,
};

export const endpoints: readonly Endpoint[] = [...ofTheEdge, floodEndpoint];

/** Whether an endpoint is one of those that a metric's tags `name` and `method` ask for. */
export const hasTags = (
  { name, method }: Pick<Endpoint, 'name' | 'method'>,
  tags: Readonly<Record<string, string>>,
): boolean => (tags['name'] ?? name) === name && (tags['method'] ?? method) === method;

/** The endpoint of a name that is known to be there. */
export function endpoint(name: string): Endpoint {
  const found = endpoints.find((candidate) => candidate.name === name);
  if (!found)
    throw new Error(`there is no endpoint ${name}; there are ${endpoints.map((one) => one.name).join(', ')}`);
  return found;
}
