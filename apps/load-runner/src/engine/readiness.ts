// Waits for the system under test: it may be starting right now, or not be there at all.

import { setTimeout as sleep } from 'node:timers/promises';

/** Nobody answers; the message says where was asked, what came back, and what to do. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface ReadinessOptions {
  readonly waitMs?: number;
  /** Called once, when the first attempt was not successful. */
  readonly onWaiting?: (reason: string) => void;
  /** Ends the waiting with an AbortError. */
  readonly signal?: AbortSignal;
}

/** A whole stack, database and all, starts within it. */
const defaultWaitMs = 60_000;
const betweenAttemptsMs = 500;

const readinessPath = '/actuator/health/readiness';

export async function waitUntilReady(baseUrl: string, options: ReadinessOptions = {}): Promise<void> {
  const { waitMs = defaultWaitMs, onWaiting, signal } = options;
  const deadline = Date.now() + waitMs;
  let told = false;
  for (;;) {
    const reason = await notReadyBecause(baseUrl);
    if (reason === undefined) return;
    if (Date.now() >= deadline) throw new UnreachableError(explain(baseUrl, reason, waitMs));
    if (!told) onWaiting?.(reason);
    told = true;
    await sleep(Math.min(betweenAttemptsMs, Math.max(1, deadline - Date.now())), undefined, { signal });
  }
}

async function notReadyBecause(baseUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(baseUrl + readinessPath, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
    return cause?.code ?? cause?.message ?? (error as Error).message;
  }
}

const explain = (baseUrl: string, reason: string, waitMs: number): string =>
  `${baseUrl} was not ready within ${waitMs / 1000} s (GET ${readinessPath}: ${reason}).\n` +
  'Start the stack with `npx nx run-many -t serve`, let `npx nx run load-runner:smoke` start one by itself, ' +
  'or name another target with --base-url or BASE_URL.';
