/**
 * The flood itself: keeps a server busy over many connections and counts what is right within a window of time. It
 * reads the meters at the ends of the window itself, so that nothing lies between them and the count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../bench-error.js';
import { treeCpuUs } from '../measure/process-cpu.js';
import { AnswerTally, type TallyCounts } from './answer-tally.js';
import { FloodConnection, type Pace } from './flood-connection.js';
import type { FloodOrder, FloodResult } from './flood-messages.js';

const POLL_MS = 10;
const WARMUP_LIMIT_MS = 60_000;

/** A flood that ends early must not be kept alive by the rest of it. */
const pause = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

export async function flood(order: FloodOrder): Promise<FloodResult> {
  const tally = new AnswerTally(order);
  const connections = Array.from(
    { length: order.connections },
    (_, index) => new FloodConnection(order, tally, paceOf(order, index)),
  );
  try {
    await warmUp(order, tally);
    const before = readMeters(order);
    tally.begin();
    await Promise.race([pause(order.measureMs), tally.over]);
    const counts = tally.end();
    return resultOf(counts, before, readMeters(order));
  } finally {
    for (const connection of connections) connection.end();
  }
}

function paceOf({ intervalMs, connections }: FloodOrder, index: number): Pace | undefined {
  return intervalMs === undefined
    ? undefined
    : { intervalMs, firstAfterMs: (intervalMs * index) / connections };
}

async function warmUp({ warmupMs, warmupAnswers = 0 }: FloodOrder, tally: AnswerTally): Promise<void> {
  await Promise.race([pause(warmupMs), tally.over]);
  const deadlineMs = performance.now() + WARMUP_LIMIT_MS;
  while (tally.answers < warmupAnswers) {
    if (performance.now() > deadlineMs)
      throw new BenchError(`only ${tally.answers} of ${warmupAnswers} answers to warm up with came in time`);
    await Promise.race([pause(POLL_MS), tally.over]);
  }
}

interface Meters {
  readonly atMs: number;
  readonly cpuUs: Readonly<Record<string, number>>;
  readonly own: NodeJS.CpuUsage;
}

function readMeters({ metered }: FloodOrder): Meters {
  const cpuUs = Object.fromEntries(
    Object.entries(metered).map(([group, pids]) => [group, treeCpuUs(pids)] as const),
  );
  return { atMs: performance.now(), cpuUs, own: process.cpuUsage() };
}

function resultOf(counts: TallyCounts, before: Meters, after: Meters): FloodResult {
  return {
    ...counts,
    windowMs: after.atMs - before.atMs,
    clientCpuUs: after.own.user + after.own.system - before.own.user - before.own.system,
    cpuUs: Object.fromEntries(
      Object.entries(after.cpuUs).map(([group, us]) => [group, us - (before.cpuUs[group] ?? 0)]),
    ),
  };
}
