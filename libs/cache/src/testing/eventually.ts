import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
const LIMIT_MS = 10_000;

/** Waits until `holds` does; fails when that takes too long. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadlineMs = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`it never came true: ${holds.toString()}`);
    await sleep(POLL_MS);
  }
}
