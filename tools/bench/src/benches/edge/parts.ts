/** What the comparisons of `bench:edge` have in common. */
import type { BenchContext } from '../../bench.js';
import type { FloodClient } from '../../client/flood-client.js';
import type { BenchStack } from '../../servers/stack.js';

export interface EdgeBenchParts {
  readonly context: BenchContext;
  readonly stack: BenchStack;
  readonly client: FloodClient;
}

export const CONNECTIONS = 64;
export const LIST = '/courses';
export const MS_IN_S = 1000;
/** Short, as every contestant has a whole round thrown away as well. */
export const WARMUP_MS = 300;
