/** The environment that student-service understands; the only reader of it. */
import { embeddedPostgres, ports } from '@flowchart/contracts';
import { datasetSizes, type DatasetSize } from '@flowchart/dataset';
import {
  portVariable,
  readConfig,
  refuseDefaultSecrets,
  serviceEnvironment,
  serviceOptions,
  type ServiceOptions,
  urlVariable,
} from '@flowchart/platform';
import { z } from 'zod';

const postgresUrl = urlVariable('postgres:', 'postgresql:').optional();
const serviceUrl = urlVariable('http:', 'https:').optional();
const sizes = Object.keys(datasetSizes) as [DatasetSize, ...DatasetSize[]];

const environment = z
  .object({
    ...serviceEnvironment,
    [ports.studentService.variable]: portVariable(ports.studentService.port),
    STUDENT_DATABASE_URL: postgresUrl,
    DATABASE_URL: postgresUrl,
    [ports.postgres.variable]: portVariable(ports.postgres.port),
    DB_POOL_SIZE: z.coerce.number().int().min(1).max(500).default(10),
    REDIS_URL: urlVariable('redis:', 'rediss:').optional(),
    [ports.redis.variable]: portVariable(ports.redis.port),
    COURSE_SERVICE_URL: serviceUrl,
    [ports.courseService.variable]: portVariable(ports.courseService.port),
    DEGREE_SERVICE_URL: serviceUrl,
    [ports.degreeService.variable]: portVariable(ports.degreeService.port),
    SEED: z.stringbool('must be true or false').optional(),
    DATASET_SIZE: z.enum(sizes).default('S'),
  })
  .superRefine(
    refuseDefaultSecrets({ IDENTITY_SECRET: serviceEnvironment.IDENTITY_SECRET.parse(undefined) }),
  );

/** What the modules of this service are made with. */
export interface StudentServiceConfig {
  readonly production: boolean;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly redisUrl: string;
  readonly courseServiceUrl: string;
  readonly degreeServiceUrl: string;
  /** How many students an empty database is filled with; null: with none. */
  readonly seedSize: DatasetSize | null;
}

export function config(env: NodeJS.ProcessEnv = process.env): StudentServiceConfig {
  const read = readConfig(environment, env);
  const production = read.NODE_ENV === 'production';
  return {
    production,
    databaseUrl: read.STUDENT_DATABASE_URL ?? read.DATABASE_URL ?? embeddedUrl(read.POSTGRES_PORT),
    poolSize: read.DB_POOL_SIZE,
    redisUrl: read.REDIS_URL ?? `redis://127.0.0.1:${read.REDIS_PORT}`,
    courseServiceUrl: read.COURSE_SERVICE_URL ?? `http://127.0.0.1:${read.COURSE_SERVICE_PORT}`,
    degreeServiceUrl: read.DEGREE_SERVICE_URL ?? `http://127.0.0.1:${read.DEGREE_SERVICE_PORT}`,
    seedSize: (read.SEED ?? !production) ? read.DATASET_SIZE : null,
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const read = readConfig(environment, env);
  const { variable } = ports.studentService;
  return serviceOptions(read, { name: 'student-service', port: read[variable], portVariable: variable });
}

function embeddedUrl(port: number): string {
  const { user, password, databases } = embeddedPostgres;
  return `postgres://${user}:${password}@127.0.0.1:${port}/${databases.student}`;
}
