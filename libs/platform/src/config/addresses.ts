import { embeddedPostgres, ports } from '@flowchart/contracts';
import { z } from 'zod';
import { portVariable, urlVariable } from './environment.js';

/** Where a service finds Redis. */
export const redisEnvironment = {
  REDIS_URL: urlVariable('redis:', 'rediss:').optional(),
  REDIS_PORT: portVariable(ports.redis.port),
} as const;

/** The given Redis, else the embedded one. */
export const redisUrl = (env: { REDIS_URL?: string | undefined; REDIS_PORT: number }): string =>
  env.REDIS_URL ?? `redis://127.0.0.1:${env.REDIS_PORT}`;

export const postgresUrlVariable = urlVariable('postgres:', 'postgresql:').optional();

/** Where a service finds its database and how it uses it; a service adds a variable of its own, `COURSE_DATABASE_URL`. */
export const databaseEnvironment = {
  DATABASE_URL: postgresUrlVariable,
  POSTGRES_PORT: portVariable(ports.postgres.port),
  DB_POOL_SIZE: z.coerce.number().int().min(1).max(500).default(10),
  SLOW_QUERY_MS: z.coerce.number().int().min(1).max(3_600_000).default(100),
  SEED: z.stringbool('must be true or false').optional(),
} as const;

/** The service's own database, else the one that all are given, else its embedded one. */
export function databaseUrl(
  own: string | undefined,
  env: { DATABASE_URL?: string | undefined; POSTGRES_PORT: number },
  embedded: string,
): string {
  const { user, password } = embeddedPostgres;
  return (
    own ?? env.DATABASE_URL ?? `postgres://${user}:${password}@127.0.0.1:${env.POSTGRES_PORT}/${embedded}`
  );
}

/** An empty database is filled outside production, or where that is asked for. */
export const isSeeded = (env: { SEED?: boolean | undefined; NODE_ENV: string }): boolean =>
  env.SEED ?? env.NODE_ENV !== 'production';

export const serviceUrlVariable = urlVariable('http:', 'https:').optional();

/** The given address of another service, else its port on this machine. */
export const serviceUrl = (given: string | undefined, port: number): string =>
  given ?? `http://127.0.0.1:${port}`;
