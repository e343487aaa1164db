// The null server in a process of its own: it tells its port, and when asked how much it has answered and used of a core.

import { NullServer } from './null-server.js';

/** What the process says: first this without being asked, then again for each message. */
export interface NullServerReport {
  readonly port: number;
  readonly answered: number;
  readonly cpuUs: number;
}

const server = new NullServer();
const port = await server.listen();
const report = (): void => {
  const { user, system } = process.cpuUsage();
  process.send?.({ port, answered: server.answered, cpuUs: user + system } satisfies NullServerReport);
};
process.on('message', report);
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; whoever started it ends it by letting go.
process.on('SIGINT', () => undefined);
report();
