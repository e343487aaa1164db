/** Starts the stack that all suites share, and tells them by the environment where it listens. */
import { startTestStack } from './dist/test-stack.js';

export default async function setUp() {
  const stack = await startTestStack();
  Object.assign(process.env, stack.env);
  globalThis.flowchartTestStack = stack;
}
