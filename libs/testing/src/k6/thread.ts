/** Plays a k6 script: setup once, then each function of its scenarios and the default one, so many times. */
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { K6Options, K6Run, K6ThreadData } from './messages.js';

const { script, env, iterations } = workerData as K6ThreadData;

/** From source and built alike. */
const api = new URL(import.meta.url.endsWith('.ts') ? './api.ts' : './api.js', import.meta.url).href;
const modules = new Set(['k6', 'k6/http', 'k6/metrics']);
registerHooks({
  resolve: (specifier, context, next) =>
    modules.has(specifier) ? { url: api, shortCircuit: true } : next(specifier, context),
});

/** The same chance each time (mulberry32, public domain): a test is not to pass by luck. */
let state = 1;
Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
Object.assign(globalThis, { __ENV: env, __VU: 1, __ITER: 0 });

type Play = (data: unknown) => void;
interface Script extends Record<string, unknown> {
  readonly options?: K6Options;
  readonly setup?: () => unknown;
  readonly default: Play;
}

const { report } = (await import(api)) as typeof import('./api.js');
const { options = {}, setup, ...exported } = (await import(script)) as Script;
// As k6 does: what setup returns goes through JSON.
const data = setup === undefined ? undefined : (JSON.parse(JSON.stringify(setup())) as unknown);
const names = Object.values(options.scenarios ?? {}).map((scenario) => scenario.exec ?? 'default');
for (const name of new Set([...names, 'default'])) {
  const play = exported[name] as Play | undefined;
  if (typeof play !== 'function')
    throw new Error(`a scenario executes "${name}", which the script does not export`);
  for (let iteration = 0; iteration < iterations; iteration++) play(data);
}
parentPort?.postMessage({ options, ...report } satisfies K6Run);
