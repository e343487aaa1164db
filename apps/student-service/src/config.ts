/** The environment that student-service understands; the only reader of it. */
import { embeddedPostgres, ports } from '@flowchart/contracts';
import { datasetSizes, type DatasetSize } from '@flowchart/dataset';
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

const sizes = Object.keys(datasetSizes) as [DatasetSize, ...DatasetSize[]];

const environment = z
  .object({
    ...serviceEnvironment,
    ...databaseEnvironment,
    ...redisEnvironment,
    STUDENT_SERVICE_PORT: portVariable(ports.studentService.port),
    STUDENT_DATABASE_URL: postgresUrlVariable,
    COURSE_SERVICE_URL: serviceUrlVariable,
    COURSE_SERVICE_PORT: portVariable(ports.courseService.port),
    DEGREE_SERVICE_URL: serviceUrlVariable,
    DEGREE_SERVICE_PORT: portVariable(ports.degreeService.port),
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
  /** Statements that take longer are logged. */
  readonly slowQueryMs: number;
  readonly redisUrl: string;
  readonly courseServiceUrl: string;
  readonly degreeServiceUrl: string;
  /** How many students an empty database is filled with; null: with none. */
  readonly seedSize: DatasetSize | null;
}

export function config(env: NodeJS.ProcessEnv = process.env): StudentServiceConfig {
  const read = readConfig(environment, env);
  return {
    production: read.NODE_ENV === 'production',
    databaseUrl: databaseUrl(read.STUDENT_DATABASE_URL, read, embeddedPostgres.databases.student),
    poolSize: read.DB_POOL_SIZE,
    slowQueryMs: read.SLOW_QUERY_MS,
    redisUrl: redisUrl(read),
    courseServiceUrl: serviceUrl(read.COURSE_SERVICE_URL, read.COURSE_SERVICE_PORT),
    degreeServiceUrl: serviceUrl(read.DEGREE_SERVICE_URL, read.DEGREE_SERVICE_PORT),
    seedSize: isSeeded(read) ? read.DATASET_SIZE : null,
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const read = readConfig(environment, env);
  const { variable } = ports.studentService;
  return serviceOptions(read, { name: 'student-service', port: read[variable], portVariable: variable });
}
