import { z } from 'zod';

/** Thrown when the environment is not usable; its message lists every bad variable, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Validates the environment once and freezes the result. An empty variable counts as unset. Throws `ConfigError`
 * that names all that is wrong, so that a start fails once and not once per variable.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.output<S>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new ConfigError(`The environment is not usable:\n${lines.join('\n')}`);
}
