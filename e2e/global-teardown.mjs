export default async function tearDown() {
  await globalThis.flowchartTestStack.stop();
}
