// What the environment may set, read here and nowhere else, and where this project keeps its files.

import { join, resolve } from 'node:path';
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

/** Where a stack that was started for this very command takes orders; undefined on any other. */
export const readStackControl = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env['FLOWCHART_STACK_CONTROL'] || undefined;

/** Where the parts of the system under test can be looked at. What is given wins over what the local stack says of itself. */
export interface SystemSettings {
  readonly stackFile: string;
  readonly databaseUrls: readonly string[];
  readonly redisUrl: string | undefined;
}

const databaseVariables = [
  'DATABASE_URL',
  'COURSE_DATABASE_URL',
  'DEGREE_DATABASE_URL',
  'STUDENT_DATABASE_URL',
];

/** The variables that the services and their stack read too; an address that is none is left out. */
export function readSystemSettings(env: NodeJS.ProcessEnv = process.env): SystemSettings {
  const urls = databaseVariables.flatMap((name) => env[name] ?? []).filter((url) => URL.canParse(url));
  return {
    stackFile: join(infraFolder(env), 'stack.json'),
    databaseUrls: urls,
    redisUrl: env['REDIS_URL'] || undefined,
  };
}

/** The same from `src` and from `dist`. */
const workspace = new URL('../../../', import.meta.url);

export const folders = {
  workspace: fileURLToPath(workspace),
  profiles: fileURLToPath(new URL('load-testing/profiles/', workspace)),
  results: fileURLToPath(new URL('load-testing/results/', workspace)),
} as const;

/** What this machine keeps for itself: data of a stack it started, its calibration. Not for version control. */
export const infraFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  resolve(folders.workspace, env['INFRA_DIR'] || '.infra');

/** Tokens of the sessions that a run has made for itself. */
export const tokensFile = (): string => join(infraFolder(), 'sessions.tokens');

/** What programs that a run starts are started with. */
export const callerEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env });
