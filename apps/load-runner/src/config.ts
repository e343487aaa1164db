// What the environment may set, read here and nowhere else, and where this project keeps its files.

import { fileURLToPath } from 'node:url';
import { ports } from '@flowchart/contracts';
import { z } from 'zod';

/** A setting or option is wrong; the message says which, and what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = z.coerce.number().int().min(1).max(65_535);

const environment = z.object({
  BASE_URL: z.string().min(1).optional(),
  EDGE_PORT: port.default(ports.edgeGateway.port),
  LOAD_RUNNER_PORT: port.default(ports.loadRunnerUi.port),
});

export interface Config {
  readonly baseUrl: string;
  readonly uiPort: number;
}

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const result = environment.safeParse(env);
  if (!result.success) {
    const complaints = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`the environment is not usable:\n${complaints.join('\n')}`);
  }
  const { BASE_URL, EDGE_PORT, LOAD_RUNNER_PORT } = result.data;
  return { baseUrl: BASE_URL ?? `http://127.0.0.1:${EDGE_PORT}`, uiPort: LOAD_RUNNER_PORT };
}

/** The same from `src` and from `dist`. */
const workspace = new URL('../../../', import.meta.url);

export const folders = {
  workspace: fileURLToPath(workspace),
  profiles: fileURLToPath(new URL('load-testing/profiles/', workspace)),
  results: fileURLToPath(new URL('load-testing/results/', workspace)),
} as const;
