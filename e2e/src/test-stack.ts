/** A whole stack for tests: free ports and a scratch folder, so that it disturbs nothing and leaves nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ports } from '@flowchart/contracts';
import {
  freePort,
  freePorts,
  oneMore,
  readInfraConfig,
  serviceParts,
  startStack,
  type RunningStack,
  type StackPart,
} from '@flowchart/infra';
import { callerEnvironment } from './config.js';

export interface TestStack {
  readonly stack: RunningStack;
  /** What the stack was started with: its ports, its folder. */
  readonly env: Readonly<Record<string, string>>;
  /** A base URL for each edge. */
  readonly edges: readonly string[];
  stop(): Promise<void>;
}

export interface TestStackOptions {
  /** Variables for all parts. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many processes of the edge; each has a port of its own. */
  readonly edges?: number;
}

export async function startTestStack({ env: extra, edges = 1 }: TestStackOptions = {}): Promise<TestStack> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-e2e-'));
  const env = {
    INFRA_DIR: scratch,
    DATASET_SIZE: 'XS',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    ...(await freePorts()),
    ...extra,
  };
  const parts = withEdges(
    serviceParts(readInfraConfig(env)),
    await Promise.all(Array.from({ length: edges - 1 }, freePort)),
  );
  const stack = await startStack({ env: { ...callerEnvironment, ...env }, parts });
  return {
    stack,
    env,
    edges: parts.filter(({ variable }) => variable === ports.edgeGateway.variable).map(urlOf),
    stop: async () => {
      await stack.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

const urlOf = ({ port }: StackPart): string => `http://127.0.0.1:${port}`;

/** More edges like the first one, on `further` ports: `edge-gateway-2`, `edge-gateway-3` … */
function withEdges(parts: readonly StackPart[], further: readonly number[]): StackPart[] {
  const first = parts.find(({ name }) => name === 'edge-gateway');
  if (!first) throw new Error('the stack has no edge-gateway');
  const more = further.map((port, index) => oneMore(first, { name: `${first.name}-${index + 2}`, port }));
  return [...parts, ...more];
}
