/** Jest's global set-up of the integration tests: starts the servers and tells the suites where they are. */
import { fileURLToPath } from 'node:url';
import { startTestServers } from './dist/servers.js';

export default async function setUp() {
  const servers = await startTestServers(fileURLToPath(new URL('../../.infra', import.meta.url)));
  Object.assign(process.env, servers.env);
  globalThis.flowchartTestServers = servers;
}
