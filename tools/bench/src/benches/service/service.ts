/** `bench:service`: a read of course-service on Postgres against the least that could do the same. */
import { embeddedPostgres } from '@flowchart/contracts';
import type { Bench, BenchContext } from '../../bench.js';
import { requestBytes } from '../../client/exchange.js';
import { FloodClient } from '../../client/flood-client.js';
import { folders } from '../../config.js';
import { floodMetrics, floodSample, SERVER } from '../../measure/flooded.js';
import { measureRounds, type Contestant } from '../../measure/rounds.js';
import type { Report } from '../../report/report.js';
import { recordAnswer } from '../../servers/recorded-answer.js';
import { openRequestTrap } from '../../servers/request-trap.js';
import { pinStack, startBenchStack, type BenchStack } from '../../servers/stack.js';
import { startServer, type RunningServer } from '../../servers/start-server.js';

export const service: Bench = {
  name: 'service',
  summary: 'a read of course-service on Postgres against bare Fastify with plain pg (P5)',
  description:
    'Compares the CPU of course-service for its list of 20 courses with that of a bare Fastify handler, with plain pg ' +
    'on a pool of the same size and the same SQL, in the same rounds. The requests are those that the edge sends.',
  defaultSeconds: 2,
  pinned: true,
  run: measureService,
};

const SERVICE = 'course-service';
const BARE = 'fastify with pg';
/** An edge whose course-service is the trap. */
const TRAPPED_EDGE = 'edge-trapped';
const LIMIT = 20;
const TARGET = `/courses?limit=${LIMIT}`;
const CONNECTIONS = 64;
const POOL_SIZE = 10;
const WARMUP_MS = 300;
const DATABASE = 'postgres';

interface Parts {
  readonly context: BenchContext;
  readonly stack: BenchStack;
  readonly client: FloodClient;
  /** What the edge would send along now. */
  readonly headers: () => Promise<Record<string, string>>;
}

async function measureService(context: BenchContext): Promise<Report> {
  const parts = await startParts(context);
  const { stack } = parts;
  const ours = { port: stack.portOf(SERVICE), pid: stack.pidOf(SERVICE) };
  const { body } = await recordAnswer(ours.port, TARGET, await parts.headers());
  const bare = await startBare(parts, body);
  const contestants = [contestant(SERVICE, ours, body, parts), contestant(BARE, bare, body, parts)];
  const rounds = await measureRounds(contestants, { ...context, onProgress: context.say });
  const comparison = {
    title: `List of ${LIMIT} courses from Postgres (${body.length} bytes, ${CONNECTIONS} connections, pool of ${POOL_SIZE})`,
    reference: BARE,
    contestants: [SERVICE, BARE],
    metrics: [...floodMetrics, { key: 'postgresUs', label: 'Postgres CPU µs', digits: 1, compared: false }],
    rounds,
    targets: [{ id: 'P5', contestant: SERVICE, metric: 'cpuUsPerRequest', over: BARE, atMost: 1.5 }],
  };
  const note = 'Postgres shares the core of the client, and is often what limits the requests/s.';
  return { comparisons: [comparison], notes: [note] };
}

async function startParts(context: BenchContext): Promise<Parts> {
  const { cleanUp, pinning, say, signal } = context;
  const trap = await openRequestTrap();
  cleanUp.defer(() => trap.close());
  const stack = await startBenchStack({
    env: { DB_POOL_SIZE: String(POOL_SIZE) },
    edges: { [TRAPPED_EDGE]: { COURSE_SERVICE_URL: trap.url } },
    signal,
    onProgress: say,
  });
  cleanUp.defer(() => stack.stop());
  pinStack(stack, pinning, (name) => (name === SERVICE ? 'server' : 'client'));
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  return { context, stack, client, headers: () => trap.headersFrom(stack.portOf(TRAPPED_EDGE)) };
}

async function startBare({ context, stack }: Parts, body: Uint8Array): Promise<RunningServer> {
  const text = Buffer.from(body).toString();
  const server = await startServer(
    BARE,
    {
      databaseUrl: databaseUrl(stack),
      poolSize: POOL_SIZE,
      statementModule: new URL('apps/course-service/dist/courses/course-search.sql.js', folders.workspaceUrl)
        .href,
      limit: LIMIT,
      page: JSON.stringify((JSON.parse(text) as { page: object }).page),
    },
    context.pinning,
  );
  context.cleanUp.defer(() => server.stop());
  return server;
}

function databaseUrl({ env }: BenchStack): string {
  const { user, password, databases } = embeddedPostgres;
  const embedded = `postgres://${user}:${password}@127.0.0.1:${env['POSTGRES_PORT']}/${databases.course}`;
  return env['COURSE_DATABASE_URL'] ?? env['DATABASE_URL'] ?? embedded;
}

function contestant(
  name: string,
  server: { port: number; pid: number },
  body: Uint8Array,
  { context, stack, client, headers }: Parts,
): Contestant {
  const measure = async () => {
    const request = requestBytes({ target: TARGET, headers: await headers() });
    const result = await client.run(
      {
        host: '127.0.0.1',
        port: server.port,
        connections: CONNECTIONS,
        exchanges: [{ request, status: 200, body }],
        warmupMs: WARMUP_MS,
        measureMs: context.seconds * 1000,
        metered: { [SERVER]: [server.pid], [DATABASE]: postgresPids(stack) },
      },
      context.signal,
    );
    return {
      ...floodSample(name, result),
      ...(postgresPids(stack).length > 0 && { postgresUs: (result.cpuUs[DATABASE] ?? 0) / result.correct }),
    };
  };
  return { name, measure };
}

/** None where the database is the user's own. */
const postgresPids = ({ parts }: BenchStack): number[] =>
  parts.filter(({ name }) => name === DATABASE).map(({ process }) => process.pid);
