import { z } from 'zod';
import { usualAccessLog } from '../logging/access-log.js';
import { levels } from '../logging/log-levels.js';
import { isKeyList } from '../auth/identity-keys.js';
import { samplers } from '../tracing/tracing-options.js';

const port = z.coerce.number('must be a port number').int().min(0).max(65535);

/** A TCP port given as text. */
export const portVariable = (fallback: number) => port.default(fallback);

/** A whole number of milliseconds given as text. */
export const msVariable = (fallback: number) =>
  z.coerce.number().int().min(0).max(3_600_000).default(fallback);

/** A URL of one of the given protocols (`postgres:`, `redis:` …). */
export const urlVariable = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

const MINIMUM_SECRET_LENGTH = 32;

const secret = z
  .string()
  .min(MINIMUM_SECRET_LENGTH, `must have at least ${MINIMUM_SECRET_LENGTH} characters`);

/** A shared secret with a default for development. `refuseDefaultSecrets` keeps the default out of production. */
export const secretVariable = (developmentDefault: string) => secret.default(developmentDefault);

/** What every service understands, whatever else it needs. */
export const serviceEnvironment = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z.enum(levels).default('info'),
  ACCESS_LOG_PER_SECOND: z.coerce.number().min(0).max(1e6).default(usualAccessLog.perSecond),
  ACCESS_LOG_SLOW_MS: msVariable(usualAccessLog.slowMs),
  OTEL_EXPORTER_OTLP_ENDPOINT: urlVariable('http:', 'https:').optional(),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  MANAGEMENT_PORT: port.optional(),
  SHUTDOWN_DELAY_MS: msVariable(0),
  GIT_COMMIT: z.string().optional(),
  IDENTITY_SECRET: secretVariable('development-only-identity-secret-0123456789'),
  IDENTITY_SECRET_PREVIOUS: secret.optional(),
  IDENTITY_KEYS: z
    .string()
    .refine(isKeyList, 'must be a list as tools/identity-keys.mjs writes it')
    .optional(),
} as const;

/** What takes the place of a secret, so that it may stay at its default. */
const insteadOf: Readonly<Record<string, string>> = { IDENTITY_SECRET: 'IDENTITY_KEYS' };

/** Lists the secrets that production would start with at their published default value. */
export function refuseDefaultSecrets<T extends { NODE_ENV: string }>(secrets: Record<string, string>) {
  return (config: T, context: z.RefinementCtx): void => {
    if (config.NODE_ENV !== 'production') return;
    const given = config as Record<string, unknown>;
    for (const [variable, published] of Object.entries(secrets)) {
      const replacement = insteadOf[variable];
      if (replacement && given[replacement] !== undefined) continue;
      if (given[variable] !== published && given[`${variable}_PREVIOUS`] !== published) continue;
      context.addIssue({
        code: 'custom',
        path: [variable],
        message: 'must be set to a secret of your own in production',
      });
    }
  };
}
