/**
 * The flood itself: keeps a server busy over many connections and counts what is right within a window of time. It
 * reads the meters at the ends of the window itself, so that nothing lies between them and the count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { treeCpuUs } from '../measure/process-cpu.js';
import { AnswerTally, type TallyCounts } from './answer-tally.js';
import { FloodConnection } from './flood-connection.js';
import type { FloodOrder, FloodResult } from './flood-messages.js';

const POLL_MS = 10;
const WARMUP_LIMIT_MS = 60_000;

export async function flood(order: FloodOrder): Promise<FloodResult> {
  const tally = new AnswerTally(order);
  const connections = Array.from({ length: order.connections }, () => new FloodConnection(order, tally));
  try {
    await warmUp(order, tally);
    const before = readMeters(order);
    tally.begin();
    await Promise.race([sleep(order.measureMs), tally.broken]);
    const counts = tally.end();
    return resultOf(counts, before, readMeters(order));
  } finally {
    for (const connection of connections) connection.end();
  }
}

async function warmUp({ warmupMs, warmupAnswers = 0 }: FloodOrder, tally: AnswerTally): Promise<void> {
  await Promise.race([sleep(warmupMs), tally.broken]);
  const deadlineMs = performance.now() + WARMUP_LIMIT_MS;
  while (tally.answers < warmupAnswers && performance.now() < deadlineMs)
    await Promise.race([sleep(POLL_MS), tally.broken]);
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
