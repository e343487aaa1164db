/** The real system under a bench: ports and a folder of its own, so that it meets nobody and leaves nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { BenchError } from '../bench-error.js';
import { callerEnvironment } from '../config.js';
import type { Pinning, Side } from '../measure/pinning.js';
import { processTree } from '../measure/process-cpu.js';

export interface BenchStackOptions {
  /** Variables for all parts. */
  readonly env?: Readonly<Record<string, string>>;
  /** More edges beside the stack's own, by name, each with variables of its own. */
  readonly edges?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

export interface BenchStack {
  /** What it was started with. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  portOf(part: string): number;
  /** The process of a part; what it has started itself is below it. */
  pidOf(part: string): number;
  readonly parts: RunningStack['parts'];
  stop(): Promise<void>;
}

/**
 * What a bench sets differently from a developer's stack: a small dataset, as it is not the subject; the loopback address
 * alone; a rate limit that is counted but not reached, as all users come from one address; and a cache that holds what
 * the bench has asked for and nothing else.
 */
const benchEnvironment = {
  DATASET_SIZE: 'XS',
  HOST: '127.0.0.1',
  CACHE_WARM_UP: 'off',
  RATE_LIMIT_ADDRESS_PER_SECOND: '1000000',
  RATE_LIMIT_ADDRESS_BURST: '10000000',
};

export async function startBenchStack(options: BenchStackOptions = {}): Promise<BenchStack> {
  const { signal, onProgress } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-bench-'));
  const removeScratch = () => rm(scratch, { recursive: true, force: true });
  try {
    const own = { INFRA_DIR: scratch, ...benchEnvironment, ...(await freePorts()), ...options.env };
    const env = { ...callerEnvironment(), ...own };
    const parts = await partsOf(env, options.edges ?? {});
    const stack = await startStack({
      env,
      parts,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const part = (name: string) => {
      const found = stack.parts.find((one) => one.name === name);
      if (found === undefined) throw new BenchError(`${name} does not run in this stack`);
      return found;
    };
    return {
      env,
      portOf: (name) => part(name).port,
      pidOf: (name) => part(name).process.pid,
      parts: stack.parts,
      stop: async () => {
        await stack.stop();
        await removeScratch();
      },
    };
  } catch (error) {
    await removeScratch();
    throw error;
  }
}

/** Moves every process of the stack, what it has started included, to the side that is said for its part. */
export function pinStack({ parts }: BenchStack, pinning: Pinning, sideOf: (part: string) => Side): void {
  for (const { name, process } of parts)
    for (const pid of processTree([process.pid])) pinning.pin(pid, sideOf(name));
}

async function partsOf(
  env: NodeJS.ProcessEnv,
  edges: NonNullable<BenchStackOptions['edges']>,
): Promise<StackPart[]> {
  const parts = serviceParts(readInfraConfig(env));
  const edge = parts.find(({ name }) => name === 'edge-gateway') as StackPart;
  for (const [name, variables] of Object.entries(edges))
    parts.push(oneMore(edge, { name, port: await freePort(), env: variables }));
  return parts;
}
