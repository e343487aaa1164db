/** A whole stack for tests: free ports and a scratch folder, so that it disturbs nothing and leaves nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ports, type PortName } from '@flowchart/contracts';
import { freePort, startStack, type RunningStack } from '@flowchart/infra';
import { callerEnvironment } from './config.js';

export interface TestStack {
  readonly stack: RunningStack;
  /** What the stack was started with: its ports, its folder. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startTestStack(extra: Readonly<Record<string, string>> = {}): Promise<TestStack> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-e2e-'));
  const env = {
    INFRA_DIR: scratch,
    DATASET_SIZE: 'XS',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    ...(await portsOfItsOwn()),
    ...extra,
  };
  const stack = await startStack({ env: { ...callerEnvironment, ...env } });
  return {
    stack,
    env,
    stop: async () => {
      await stack.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

export async function portsOfItsOwn(): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {};
  for (const name of Object.keys(ports) as PortName[])
    chosen[ports[name].variable] = String(await freePort());
  return chosen;
}
