/** Answers that the edge holds in its own process, against servers that hold nothing else. */
import { isDeepStrictEqual } from 'node:util';
import type { BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { requestBytes, type Exchange } from '../../client/exchange.js';
import { floodMetrics, floodSample, SERVER } from '../../measure/flooded.js';
import { measureRounds, type Contestant } from '../../measure/rounds.js';
import type { Comparison, Target } from '../../report/report.js';
import { headerOf, recordAnswer, type RecordedAnswer } from '../../servers/recorded-answer.js';
import { CONNECTIONS, LIST, MS_IN_S, WARMUP_MS, type EdgeBenchParts } from './parts.js';
import { startServer, type ServerName } from '../../servers/start-server.js';

const EDGE = 'edge';
const BARE = 'node:http';
const TYPICAL = 'typical stack';

interface Served {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
}

/** One subject of comparison: what is asked of every server. */
interface Subject {
  readonly title: string;
  readonly target: string;
  readonly conditional: boolean;
  readonly targets: readonly Target[];
}

/** Servers that had to share their core did not show what they can do. */
const busy = { metric: 'serverBusyPercent', atLeast: 90 };

const asBareHttp = (id: string): Target[] => [
  { id, contestant: EDGE, metric: 'requestsPerSecond', over: BARE, atLeast: 0.85, given: busy },
  { id, contestant: EDGE, metric: 'cpuUsPerRequest', over: BARE, atMost: 1.2 },
];

const tenTimesTypical: Target = {
  id: 'P2',
  contestant: EDGE,
  metric: 'requestsPerSecond',
  over: TYPICAL,
  atLeast: 10,
  given: busy,
};

export async function compareCached(parts: EdgeBenchParts): Promise<Comparison[]> {
  const { context, stack } = parts;
  const edge = { name: EDGE, port: stack.portOf('edge-gateway'), pid: stack.pidOf('edge-gateway') };
  const list = await recordAnswer(edge.port, LIST);
  const one = `/courses/${firstId(list)}`;
  const subjects: Subject[] = [
    {
      title: 'Cached list',
      target: LIST,
      conditional: false,
      targets: [...asBareHttp('P1'), tenTimesTypical],
    },
    { title: 'Cached course', target: one, conditional: false, targets: asBareHttp('P3') },
    { title: '304 for the list', target: LIST, conditional: true, targets: asBareHttp('P3') },
  ];
  const servers = [edge, ...(await startOthers(edge.port, [LIST, one], context))];
  const comparisons: Comparison[] = [];
  for (const subject of subjects) comparisons.push(await compare(subject, servers, parts));
  return comparisons;
}

async function compare(
  { title, target, conditional, targets }: Subject,
  servers: readonly Served[],
  { context, client }: EdgeBenchParts,
): Promise<Comparison> {
  const exchanges = await Promise.all(servers.map((server) => exchangeWith(server, target, conditional)));
  const contestants = servers.map(({ name, port, pid }, index): Contestant => {
    const order = {
      host: '127.0.0.1',
      port,
      connections: CONNECTIONS,
      exchanges: [exchanges[index] as Exchange],
      warmupMs: WARMUP_MS,
      measureMs: context.seconds * MS_IN_S,
      metered: { [SERVER]: [pid] },
    };
    return { name, measure: async () => floodSample(name, await client.run(order, context.signal)) };
  });
  const onProgress = (line: string) => context.say(`${title}, ${line}`);
  const rounds = await measureRounds(contestants, { ...context, onProgress });
  const bytes = exchanges[0]?.body?.length ?? 0;
  return {
    title: `${title} (${bytes} bytes, ${CONNECTIONS} connections)`,
    reference: BARE,
    contestants: contestants.map(({ name }) => name),
    metrics: floodMetrics,
    rounds,
    targets,
  };
}

/** Every server has an ETag of its own for what it shows. */
async function exchangeWith({ port, name }: Served, target: string, conditional: boolean): Promise<Exchange> {
  const page = await recordAnswer(port, target);
  if (page.status !== 200) throw new BenchError(`${name} answers ${page.status} for ${target}`);
  if (!conditional) return { request: requestBytes({ target }), status: 200, body: page.body };
  const etag = headerOf(page, 'etag') ?? '';
  const headers = { 'if-none-match': etag };
  return { request: requestBytes({ target, headers }), status: 304, body: new Uint8Array() };
}

async function startOthers(
  edgePort: number,
  targets: string[],
  { cleanUp, pinning }: BenchContext,
): Promise<Served[]> {
  const answers = (await Promise.all(targets.map((target) => recordBoth(edgePort, target)))).flat();
  const pages = answers.filter(({ status }) => status === 200);
  const documents = Object.fromEntries(pages.map((page) => [page.target, documentOf(page)]));
  const setups: [ServerName, object][] = [
    [BARE, { answers }],
    ['fastify', { answers }],
    [TYPICAL, { documents }],
  ];
  const started: Served[] = [];
  for (const [name, setup] of setups) {
    const server = await startServer(name, setup, pinning);
    cleanUp.defer(() => server.stop());
    for (const page of pages) await requireSame(await recordAnswer(server.port, page.target), page, name);
    started.push({ name, ...server });
  }
  return started;
}

/** The page, and the 304 for whoever has it. */
async function recordBoth(port: number, target: string): Promise<RecordedAnswer[]> {
  const page = await recordAnswer(port, target);
  const etag = headerOf(page, 'etag') ?? '';
  return [page, await recordAnswer(port, target, { 'if-none-match': etag })];
}

async function requireSame(given: RecordedAnswer, wanted: RecordedAnswer, name: string): Promise<void> {
  if (given.status === 200 && isDeepStrictEqual(documentOf(given), documentOf(wanted))) return;
  throw new BenchError(`${name} shows something else than the edge does for ${wanted.target}`);
}

const documentOf = ({ body }: RecordedAnswer): object => JSON.parse(Buffer.from(body).toString()) as object;

const firstId = (list: RecordedAnswer): string =>
  (documentOf(list) as { items: { id: string }[] }).items[0]?.id ?? '';
