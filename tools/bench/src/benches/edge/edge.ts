/** `bench:edge`: the edge against servers that do nothing but send the same bytes, and against the usual stack. */
import type { Bench, BenchContext } from '../../bench.js';
import { FloodClient } from '../../client/flood-client.js';
import { pinStack, startBenchStack } from '../../servers/stack.js';
import type { Report } from '../../report/report.js';
import { compareCached } from './cached.js';
import { compareMisses, FORGETFUL, forgetfulEnvironment } from './misses.js';

export const edge: Bench = {
  name: 'edge',
  summary: 'answers of the edge against bare node:http, bare Fastify and a typical stack (P1 to P4)',
  description:
    'Compares the edge with bare node:http, bare Fastify and a typical stack (Nest on Express, cache-manager, JSON ' +
    'for each request) in the same rounds: a cached list of courses, a cached course, and 304; and its own CPU for misses that Redis or a service answers. The bare servers ' +
    'send exactly the bytes and headers that the edge sent.',
  defaultSeconds: 2,
  pinned: true,
  run: measureEdge,
};

const notes = [
  'requests/s compare servers only where each was kept busy, 90 % at least; CPU per request holds either way.',
  'a miss also pays for putting the answer into Redis and into memory.',
];

async function measureEdge(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say, signal } = context;
  const stack = await startBenchStack({
    edges: { [FORGETFUL]: forgetfulEnvironment },
    signal,
    onProgress: say,
  });
  cleanUp.defer(() => stack.stop());
  // The edges are measured; what is behind them shares the core of the client.
  pinStack(stack, pinning, (name) => (name.startsWith('edge') ? 'server' : 'client'));
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  const parts = { context, stack, client };
  return { comparisons: [...(await compareCached(parts)), await compareMisses(parts)], notes };
}
