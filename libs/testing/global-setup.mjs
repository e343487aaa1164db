/** Jest's global set-up of the integration tests: starts the servers and tells the suites where they are. */

export default async function setUp() {
  const { startTestServers } = await import('./dist/servers.js').catch((cause) => {
    throw new Error('The tests stand on compiled parts. Run: npx nx run testing:build', { cause });
  });
  const servers = await startTestServers();
  Object.assign(process.env, servers.env);
  globalThis.flowchartTestServers = servers;
}
