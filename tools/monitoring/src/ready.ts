/** Waits for Prometheus to say that it is ready: it listens before it answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST, InfraError, isRunning, type ProcessIdentity } from '@flowchart/infra';

/** Prometheus reads what it had not yet written to blocks when it stopped. */
const READY_LIMIT_MS = 60_000;
const POLL_MS = 50;

export async function becomesReady(process: ProcessIdentity, port: number): Promise<void> {
  const deadlineMs = Date.now() + READY_LIMIT_MS;
  while (isRunning(process) && Date.now() < deadlineMs) {
    if (await isReady(port)) return;
    await sleep(POLL_MS);
  }
  throw new InfraError(isRunning(process) ? `not ready within ${READY_LIMIT_MS / 1000} s` : 'it ended');
}

/** A refused or broken connection is the same answer as 503: not yet. */
const isReady = (port: number): Promise<boolean> =>
  fetch(`http://${HOST}:${port}/-/ready`, { signal: AbortSignal.timeout(READY_LIMIT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
