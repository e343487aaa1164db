/** A client that asks for everything in every way that it should not, and how long a page of metrics is after that. */

export interface VisitedRoute {
  readonly method: string;
  /** Template with `{parameters}`. */
  readonly path: string;
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'QUERY',
  'X-MADE-UP',
];
const PARAMETERS = [
  '00000000-0000-4000-8000-000000000001',
  'CS101',
  'NOPE',
  "'; DROP TABLE x --",
  '%F0%9F%98%80',
];
const QUERIES = ['', '?limit=1', '?limit=-1', '?q=%00', '?made=up'];
const BODIES = ['{}', '{"', 'a=b'];
const CONDITIONS = ['*', '"1"', 'W/"nope"', ''];

/**
 * Calls each route with each method and each of the `identities` (headers of a caller), with parameters, queries, bodies
 * and conditions that change from call to call; and paths that nobody has. Answers may be any: only that there is one
 * matters. Resolves with the statuses that came.
 */
export async function visitEverything(
  url: string,
  routes: readonly VisitedRoute[],
  identities: readonly Readonly<Record<string, string>>[],
): Promise<Set<number>> {
  const statuses = new Set<number>();
  const asked = [...new Set(routes.map(({ path }) => path))].flatMap((path) =>
    METHODS.flatMap((method) => identities.map((identity) => ({ method, path, identity }))),
  );
  let turn = 0;
  for (const request of asked) {
    for (let times = 0; times < PARAMETERS.length; times++) {
      statuses.add(await visit(url, { ...request, turn: turn++ }));
    }
  }
  for (let made = 0; made < 300; made++) {
    const path = `/made-up-${made}/{x}/${made}`;
    statuses.add(
      await visit(url, { method: METHODS[made % METHODS.length] ?? 'GET', path, identity: {}, turn: made }),
    );
  }
  return statuses;
}

/** How many series `/actuator/prometheus` of a service shows, and the values of a label in them. */
export async function seriesOf(url: string): Promise<{ count: number; uris: Set<string> }> {
  const page = await (await fetch(`${url}/actuator/prometheus`)).text();
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const uris = lines.flatMap((line) => /[{,]uri="([^"]*)"/.exec(line)?.[1] ?? []);
  return { count: lines.length, uris: new Set(uris) };
}

interface Visit {
  readonly method: string;
  readonly path: string;
  readonly identity: Readonly<Record<string, string>>;
  readonly turn: number;
}

async function visit(url: string, { method, path, identity, turn }: Visit): Promise<number> {
  const pick = (choices: readonly string[]): string => choices[turn % choices.length] ?? '';
  const target = path.replaceAll(/\{\w+\}/g, () => encodeURI(pick(PARAMETERS))) + pick(QUERIES);
  const hasBody = !['GET', 'HEAD'].includes(method);
  const answer = await fetch(`${url}${target}`, {
    method,
    redirect: 'manual',
    headers: {
      ...identity,
      'if-none-match': pick(CONDITIONS),
      ...(turn % 3 === 0 && { 'if-match': pick(CONDITIONS) }),
      ...(hasBody && { 'content-type': turn % 4 === 0 ? 'text/plain' : 'application/json' }),
    },
    ...(hasBody && { body: pick(BODIES) }),
  });
  await answer.arrayBuffer();
  return answer.status;
}
