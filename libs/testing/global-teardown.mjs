export default async function tearDown() {
  await globalThis.flowchartTestServers.stop();
}
