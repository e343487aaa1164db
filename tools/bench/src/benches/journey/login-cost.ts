/** What one login costs all processes together, so that it can be told apart from the rest of the journey. */
import type { BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { totalUs, type StackMeter } from './stack-meter.js';

const LOGINS = 30;
/** Far from the accounts that the users of the profiles begin with. */
const FIRST_STUDENT = 9001;

/** Microseconds of CPU. */
export async function measureLoginCost(parts: { context: BenchContext; meter: StackMeter }): Promise<number> {
  const { context, meter } = parts;
  context.say(`logging in ${LOGINS} times`);
  const before = await meter.read();
  for (let student = FIRST_STUDENT; student < FIRST_STUDENT + LOGINS; student++) {
    const { status } = await fetch(`http://127.0.0.1:${meter.edgePort}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `student${student}`, password: 'flowchart' }),
      signal: context.signal,
    });
    if (status !== 200) throw new BenchError(`a login was answered with ${status}`);
  }
  return totalUs(before, await meter.read()) / LOGINS;
}
