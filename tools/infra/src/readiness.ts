/** Waits for a service to say that it is ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST } from './ports.js';

const POLL_MS = 100;
const ANSWER_LIMIT_MS = 2000;

/** The status a service gives for its readiness; undefined when nobody answers. */
export async function readinessStatus(port: number): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://${HOST}:${port}/actuator/health/readiness`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    // Refused, reset or too late: nobody we could use.
    return undefined;
  }
}

export interface Waiting {
  readonly port: number;
  readonly limitMs: number;
  /** Asked between attempts: waiting goes on only as long as this holds. */
  readonly worthwhile: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

export async function becomesReady({ port, limitMs, worthwhile, signal }: Waiting): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (worthwhile() && Date.now() < deadline) {
    signal?.throwIfAborted();
    if ((await readinessStatus(port)) === 200) return true;
    await sleep(POLL_MS);
  }
  return false;
}
