/** The environment that course-service understands; the only reader of it. */
import { embeddedPostgres, ports } from '@flowchart/contracts';
import {
  databaseEnvironment,
  databaseUrl,
  isSeeded,
  portVariable,
  postgresUrlVariable,
  readConfig,
  redisEnvironment,
  redisUrl,
  refuseDefaultSecrets,
  serviceEnvironment,
  serviceOptions,
  type ServiceOptions,
} from '@flowchart/platform';
import { z } from 'zod';

const environment = z
  .object({
    ...serviceEnvironment,
    ...databaseEnvironment,
    ...redisEnvironment,
    COURSE_SERVICE_PORT: portVariable(ports.courseService.port),
    COURSE_DATABASE_URL: postgresUrlVariable,
  })
  .superRefine(
    refuseDefaultSecrets({ IDENTITY_SECRET: serviceEnvironment.IDENTITY_SECRET.parse(undefined) }),
  );

export interface CourseServiceConfig {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** Statements that take longer are logged. */
  readonly slowQueryMs: number;
  readonly redisUrl: string;
  /** Whether an empty database gets the curated catalogue. */
  readonly seed: boolean;
}

export function config(env: NodeJS.ProcessEnv = process.env): CourseServiceConfig {
  const read = readConfig(environment, env);
  return {
    databaseUrl: databaseUrl(read.COURSE_DATABASE_URL, read, embeddedPostgres.databases.course),
    poolSize: read.DB_POOL_SIZE,
    slowQueryMs: read.SLOW_QUERY_MS,
    redisUrl: redisUrl(read),
    seed: isSeeded(read),
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const read = readConfig(environment, env);
  const { variable } = ports.courseService;
  return serviceOptions(read, { name: 'course-service', port: read[variable], portVariable: variable });
}
