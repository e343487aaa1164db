/** Traffic beside a test: clients that ask again and again, and what they were told. */
import { call, type Call } from './edge-client.js';

export interface Request extends Call {
  readonly path: string;
}

/** How often each status came; `failed` counts requests without an answer. */
export type Tally = Readonly<Record<string, number>>;

/**
 * Runs `during` while `clients` clients send `requests` in turn, each from a place of its own, without a pause. Resolves
 * with what they were answered from the first request to the last.
 */
export async function underTraffic(
  requests: readonly Request[],
  clients: number,
  during: () => Promise<void>,
): Promise<Tally> {
  const tally: Record<string, number> = {};
  let over = false;
  const client = async (_: unknown, first: number): Promise<void> => {
    for (let turn = first; !over; turn++) {
      const { path, ...options } = requests[turn % requests.length] as Request;
      const status = await call(path, options).then(
        (answer) => answer.status,
        () => 'failed',
      );
      tally[status] = (tally[status] ?? 0) + 1;
    }
  };
  const traffic = Promise.all(Array.from({ length: clients }, client));
  try {
    await during();
  } finally {
    over = true;
    await traffic;
  }
  return tally;
}
