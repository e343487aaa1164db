/** `bench:cache`: a hit in memory and a hit in Redis, of our cache and of libraries. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startRedis } from '@flowchart/infra';
import type { Bench, BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { ChildModule } from '../../child-module.js';
import { type Contestant, measureRounds } from '../../measure/rounds.js';
import type { Comparison, Metric, Report } from '../../report/report.js';
import {
  type CacheName,
  cacheNames,
  type Level,
  type Order,
  type Turn,
  type TurnResult,
} from './messages.js';
import { VALUE_BYTES } from './subject.js';

export const cache: Bench = {
  name: 'cache',
  summary: 'a hit in memory and a hit in Redis: our cache, bentocache, cache-manager (ADR 7)',
  description:
    'Compares libs/cache with bentocache and cache-manager, each in a process of its own and in its own way of use: ' +
    'look-ups that the memory answers, one after the other, and look-ups that Redis answers, 64 at a time.',
  defaultSeconds: 1,
  pinned: true,
  run: measureCaches,
};

const metrics: readonly Metric[] = [
  { key: 'cpuUsPerHit', label: 'CPU µs a hit', digits: 2, compared: true },
  { key: 'hitsPerSecond', label: 'hits/s', digits: 0, compared: true },
];
const KEYS = 500;
const MS_IN_S = 1000;

const notes = [
  'bentocache holds tags and grace as ours does; not serialised, its memory cannot be bounded by bytes.',
  'cache-manager has neither tags nor stale answers, and no bound of its memory.',
];

async function measureCaches(context: BenchContext): Promise<Report> {
  const redisPort = await redisFor(context);
  const comparisons: Comparison[] = [];
  for (const level of ['L1', 'L2'] as const) comparisons.push(await compare(level, redisPort, context));
  return { comparisons, notes };
}

async function compare(level: Level, redisPort: number, context: BenchContext): Promise<Comparison> {
  // What its memory holds makes no difference to a hit in Redis.
  const names = cacheNames.filter((name) => level === 'L1' || name !== 'bentocache, not serialised');
  const contestants: Contestant[] = [];
  for (const name of names) contestants.push(await contestant(name, level, redisPort, context));
  const onProgress = (line: string): void => context.say(`${level}, ${line}`);
  return {
    title: `A hit in ${level === 'L1' ? 'memory' : 'Redis, 64 at a time'} (${VALUE_BYTES} bytes, ${KEYS} keys)`,
    reference: 'own',
    contestants: names,
    metrics,
    rounds: await measureRounds(contestants, { ...context, onProgress }),
    targets: [],
  };
}

async function contestant(
  name: CacheName,
  level: Level,
  redisPort: number,
  { pinning, cleanUp, signal, seconds }: BenchContext,
): Promise<Contestant> {
  const child = await ChildModule.start({
    module: 'benches/cache/cache-child.js',
    name,
    pinning,
    side: 'server',
  });
  cleanUp.defer(() => child.stop());
  const keys = Array.from({ length: KEYS }, (_, index) => `${name}:${level}:/courses/code/CS${index}`);
  const order: Order = { cache: name, level, redisPort, keys };
  await child.ask(order, signal);
  const turn: Turn = { measureMs: seconds * MS_IN_S };
  const measure = async () => {
    const { hits, elapsedMs, cpuUs } = await child.ask<TurnResult>(turn, signal);
    return { cpuUsPerHit: cpuUs / hits, hitsPerSecond: (hits / elapsedMs) * MS_IN_S };
  };
  return { name, measure };
}

/** A Redis of the bench's own, empty and on the other core. */
async function redisFor({ cleanUp, pinning, signal, say }: BenchContext): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'flowchart-bench-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  // Started as root, Redis runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const port = await freePort();
  const redis = await startRedis({ dataDir: join(folder, 'redis'), port, signal, say });
  if (!redis) throw new BenchError('there is no Redis to measure with');
  cleanUp.defer(() => redis.stop());
  pinning.pin(redis.process.pid, 'client');
  return port;
}
