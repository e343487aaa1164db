/** Answers that the edge does not hold in its own process: what they cost it, against those that it does. */
import { BenchError } from '../../bench-error.js';
import { requestBytes, type Exchange } from '../../client/exchange.js';
import type { FloodOrder, FloodResult } from '../../client/flood-messages.js';
import { floodMetrics, floodSample, SERVER } from '../../measure/flooded.js';
import { measureRounds, shuffled, seededRandom, type Contestant, type Sample } from '../../measure/rounds.js';
import type { Comparison } from '../../report/report.js';
import { discoverCursors, pagesOf } from './catalogue-pages.js';
import { CONNECTIONS, LIST, MS_IN_S, WARMUP_MS, type EdgeBenchParts } from './parts.js';

/** An edge whose memory holds next to nothing; `bench:edge` starts it beside the stack's own. */
export const FORGETFUL = 'edge-forgetful';
export const forgetfulEnvironment = { L1_MAX_BYTES: String(2 ** 20) };

const MEMORY = 'from its memory';
const REDIS = 'from Redis';
const SERVICE = 'from a service';
/** Pages of 20 courses are the ones that Redis has; those of about as many are asked for once. */
const WARM_LIMIT = 20;
const COLD_LIMITS = [15, 16, 17, 18, 19, 21, 22, 23, 24, 25];

export async function compareMisses(parts: EdgeBenchParts): Promise<Comparison> {
  const { context, stack } = parts;
  const cursors = await discoverCursors(stack.portOf('edge-gateway'));
  const warm = shuffled(pagesOf(WARM_LIMIT, cursors), seededRandom(context.seed));
  const cold = shuffled(
    COLD_LIMITS.flatMap((limit) => pagesOf(limit, cursors)),
    seededRandom(context.seed),
  );
  /** Each measurement of misses gets its own share, so that none is asked for twice. */
  const share = Math.floor(cold.length / (context.rounds + 1));
  const warmExchanges = warm.map(exchangeFor);
  const rounds = await measureRounds(
    [
      contestant(MEMORY, parts, 'edge-gateway', () => ({ exchanges: [exchangeFor(LIST)] })),
      contestant(REDIS, parts, FORGETFUL, () => ({
        exchanges: warmExchanges,
        // A page of so many possible ones gets into Redis when it is asked for again.
        warmupAnswers: 2 * warm.length,
      })),
      contestant(SERVICE, parts, FORGETFUL, () => ({
        exchanges: cold.splice(0, share).map(exchangeFor),
        once: true,
      })),
    ],
    { ...context, onProgress: (line) => context.say(`Misses, ${line}`) },
  );
  return {
    title: `Misses: the edge's own CPU for a list of about 20 courses (${CONNECTIONS} connections)`,
    reference: MEMORY,
    contestants: [MEMORY, REDIS, SERVICE],
    metrics: missMetrics,
    rounds,
    targets: [
      { id: 'P4', contestant: REDIS, metric: 'cpuUsPerRequest', over: MEMORY, atMost: 2.5 },
      { id: 'P4', contestant: SERVICE, metric: 'cpuUsPerRequest', over: MEMORY, atMost: 3.5 },
    ],
  };
}

const missMetrics = [
  // What stands behind the edge has a part in its requests/s: they are not compared.
  ...floodMetrics.map((metric) => ({ ...metric, compared: metric.key === 'cpuUsPerRequest' })),
  { key: 'kilobytes', label: 'KB an answer', digits: 1, compared: false },
  { key: 'asMeantPercent', label: 'as meant %', digits: 1, compared: false },
];

const sourceOf: Readonly<Record<string, string>> = { [MEMORY]: 'L1', [REDIS]: 'L2', [SERVICE]: 'MISS' };

/** Below, the figure would be that of a mixture. */
const LEAST_AS_MEANT_PERCENT = 90;

function contestant(
  name: string,
  { context, stack, client }: EdgeBenchParts,
  edge: string,
  requests: () => Pick<FloodOrder, 'exchanges' | 'once' | 'warmupAnswers'>,
): Contestant {
  const measure = async () => {
    const result = await client.run(
      {
        host: '127.0.0.1',
        port: stack.portOf(edge),
        connections: CONNECTIONS,
        warmupMs: WARMUP_MS,
        measureMs: context.seconds * MS_IN_S,
        metered: { [SERVER]: [stack.pidOf(edge)] },
        tallyHeader: 'x-cache',
        ...requests(),
      },
      context.signal,
    );
    return missSample(name, result);
  };
  return { name, measure };
}

function missSample(name: string, result: FloodResult): Sample {
  const sample = floodSample(name, result);
  const asMeantPercent = ((result.tally[sourceOf[name] ?? ''] ?? 0) / result.correct) * 100;
  if (asMeantPercent < LEAST_AS_MEANT_PERCENT)
    throw new BenchError(`answers meant to come ${name} came from ${JSON.stringify(result.tally)}`);
  return { ...sample, kilobytes: result.bodyBytes / result.correct / 1000, asMeantPercent };
}

const exchangeFor = (target: string): Exchange => ({ request: requestBytes({ target }), status: 200 });
