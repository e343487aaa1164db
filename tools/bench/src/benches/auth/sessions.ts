/** What a token and its session cost the edge for each request, when every user comes once and when one comes always. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startRedis } from '@flowchart/infra';
import type { BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { ChildModule } from '../../child-module.js';
import { measureRounds, type Contestant, type Round, type Sample } from '../../measure/rounds.js';
import type { Comparison } from '../../report/report.js';
import type { Admitted, GateOrder, Who } from './gate-messages.js';

const CPU = 'cpuUsPerRequest';
const ADDED = 'addedUs';
const NOBODY = 'no token';
const EACH_ONCE = 'each user once';
/** As many as the flood of the other benches has connections, and what an edge has that is far from busy. */
const [BUSY, QUIET] = [64, 16];
const contestantsBy: Readonly<Record<string, { who: Who; together: number }>> = {
  [NOBODY]: { who: 'nobody', together: BUSY },
  'one user': { who: 'one', together: BUSY },
  [EACH_ONCE]: { who: 'each once', together: BUSY },
  [`each user once, ${QUIET} at a time`]: { who: 'each once', together: QUIET },
};
/** Requests of one measurement. */
const REQUESTS_PER_SECOND = 15_000;

const metrics = [
  { key: CPU, label: 'CPU µs', digits: 2, compared: false },
  { key: ADDED, label: 'token and session, CPU µs', digits: 2, compared: false },
];

export async function compareSessions(context: BenchContext): Promise<Comparison> {
  const gate = await startGate(context);
  const requests = Math.ceil(context.seconds * REQUESTS_PER_SECOND);
  const sessions = 2 * (context.rounds + 2) * requests;
  context.say(`opening ${sessions} sessions`);
  await gate.ask<null>({ open: { redisUrl: await redisOf(context), sessions } } satisfies GateOrder);
  const contestants = Object.entries(contestantsBy).map(([name, wanted]): Contestant => {
    const order: GateOrder = { admit: { ...wanted, requests } };
    const measure = async () => ({
      [CPU]: (await gate.ask<Admitted>(order, context.signal)).cpuUs / requests,
    });
    return { name, measure };
  });
  const onProgress = (line: string) => context.say(`Sessions, ${line}`);
  const rounds = await measureRounds(contestants, { ...context, onProgress });
  return {
    title: `Letting a request in, ${BUSY} at a time, ${sessions.toLocaleString('en')} live sessions`,
    reference: NOBODY,
    contestants: contestants.map(({ name }) => name),
    metrics,
    rounds: rounds.map(withAdded),
    targets: [{ id: 'Auth', contestant: EACH_ONCE, metric: ADDED, atMost: 15 }],
  };
}

async function startGate({ pinning, cleanUp }: BenchContext): Promise<ChildModule> {
  const module = 'benches/auth/gate-child.js';
  const gate = await ChildModule.start({ module, name: 'gate', pinning, side: 'server' });
  cleanUp.defer(() => gate.stop());
  return gate;
}

async function redisOf({ cleanUp, pinning, signal, say }: BenchContext): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-bench-'));
  cleanUp.defer(() => rm(scratch, { recursive: true, force: true }));
  const redis = await startRedis({ dataDir: scratch, port: await freePort(), signal, say });
  if (!redis) throw new BenchError('there is no Redis to be had, and sessions are kept in it');
  cleanUp.defer(() => redis.stop());
  pinning.pin(redis.process.pid, 'client');
  return redis.url;
}

/** What each contestant costs beyond the one without a token, in the same round. */
function withAdded(round: Round): Round {
  const base = round.samples[NOBODY]?.[CPU] ?? NaN;
  const samples = Object.entries(round.samples).map(([name, sample]): [string, Sample] => [
    name,
    { ...sample, [ADDED]: (sample[CPU] ?? NaN) - base },
  ]);
  return { ...round, samples: Object.fromEntries(samples) };
}
