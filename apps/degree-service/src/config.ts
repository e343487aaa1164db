/** The environment that degree-service understands; the only reader of it. */
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
  serviceUrl,
  serviceUrlVariable,
} from '@flowchart/platform';
import { z } from 'zod';

const environment = z
  .object({
    ...serviceEnvironment,
    ...databaseEnvironment,
    ...redisEnvironment,
    DEGREE_SERVICE_PORT: portVariable(ports.degreeService.port),
    DEGREE_DATABASE_URL: postgresUrlVariable,
    COURSE_SERVICE_URL: serviceUrlVariable,
    COURSE_SERVICE_PORT: portVariable(ports.courseService.port),
  })
  .superRefine(
    refuseDefaultSecrets({ IDENTITY_SECRET: serviceEnvironment.IDENTITY_SECRET.parse(undefined) }),
  );

export interface DegreeServiceConfig {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** Statements that take longer are logged. */
  readonly slowQueryMs: number;
  readonly redisUrl: string;
  readonly courseServiceUrl: string;
  /** Whether an empty database gets the curated degrees. */
  readonly seed: boolean;
}

export function config(env: NodeJS.ProcessEnv = process.env): DegreeServiceConfig {
  const read = readConfig(environment, env);
  return {
    databaseUrl: databaseUrl(read.DEGREE_DATABASE_URL, read, embeddedPostgres.databases.degree),
    poolSize: read.DB_POOL_SIZE,
    slowQueryMs: read.SLOW_QUERY_MS,
    redisUrl: redisUrl(read),
    courseServiceUrl: serviceUrl(read.COURSE_SERVICE_URL, read.COURSE_SERVICE_PORT),
    seed: isSeeded(read),
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const read = readConfig(environment, env);
  const { variable } = ports.degreeService;
  return serviceOptions(read, { name: 'degree-service', port: read[variable], portVariable: variable });
}
