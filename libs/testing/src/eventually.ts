import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** Waits until `holds` does; fails when it takes longer than `limitMs`. */
export async function eventually(holds: () => Promise<boolean> | boolean, limitMs = 10_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline)
      throw new Error(`it did not come true within ${limitMs} ms: ${holds.toString()}`);
    await sleep(POLL_MS);
  }
}
