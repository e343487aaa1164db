/** `bench:edge`: the edge against servers that do nothing but send the same bytes, and against the usual stack. */
import type { Bench, BenchContext } from '../../bench.js';
import { FloodClient } from '../../client/flood-client.js';
import { processTree } from '../../measure/process-cpu.js';
import { startBenchStack, type BenchStack } from '../../servers/stack.js';
import type { Report } from '../../report/report.js';
import { compareCached } from './cached.js';

export const edge: Bench = {
  name: 'edge',
  summary: 'answers of the edge against bare node:http, bare Fastify and a typical stack (P1 to P4)',
  description:
    'Compares the edge with bare node:http, bare Fastify and a typical stack (Nest on Express, cache-manager, JSON ' +
    'for each request) in the same rounds: a cached list of courses, a cached course, and 304. The bare servers ' +
    'send exactly the bytes and headers that the edge sent.',
  defaultSeconds: 2,
  run: measureEdge,
};

async function measureEdge(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say, signal } = context;
  const stack = await startBenchStack({ signal, onProgress: say });
  cleanUp.defer(() => stack.stop());
  pinStack(stack, context);
  const client = await FloodClient.start(pinning);
  cleanUp.defer(() => client.stop());
  const comparisons = await compareCached({ context, stack, client });
  return { comparisons, notes: [] };
}

/** The edges are measured; what is behind them shares the core of the client. */
function pinStack(stack: BenchStack, { pinning }: BenchContext): void {
  for (const { name, process } of stack.parts)
    for (const pid of processTree([process.pid]))
      pinning.pin(pid, name.startsWith('edge') ? 'server' : 'client');
}
