/** The settings of the infrastructure: the only reader of the environment here. */
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedPostgres, ports, type PortName } from '@flowchart/contracts';
import { InfraError } from './infra-error.js';

export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

export const defaultInfraDir = join(workspaceRoot, '.infra');

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServiceAddress {
  readonly name: string;
  readonly port: number;
  readonly variable: string;
}

export interface InfraConfig {
  /** Data, logs and records of what runs. */
  readonly infraDir: string;
  readonly postgresPort: number;
  readonly redisPort: number;
  /** Names of the variables that make a server of our own superfluous; empty when we need one. */
  readonly postgresGiven: readonly string[];
  readonly redisGiven: readonly string[];
  /** The edge comes last: it is the door to the others. */
  readonly services: readonly ServiceAddress[];
}

const services: readonly (readonly [name: string, port: PortName])[] = [
  ['course-service', 'courseService'],
  ['degree-service', 'degreeService'],
  ['student-service', 'studentService'],
  ['edge-gateway', 'edgeGateway'],
];
const serviceDatabases = ['COURSE_DATABASE_URL', 'DEGREE_DATABASE_URL', 'STUDENT_DATABASE_URL'];

/** What the caller's programs are started with. */
export const callerEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env });

export const searchPath = (environment: Environment = process.env): string[] =>
  (environment.PATH ?? '').split(delimiter).filter(isAbsolute);

/** Reads all settings, and refuses all bad ones at once. */
export function readInfraConfig(environment: Environment = process.env): InfraConfig {
  const troubles: string[] = [];
  const port = (name: PortName): number => {
    const { variable, port: usual } = ports[name];
    const value = Number(environment[variable] || usual);
    if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
    troubles.push(`${variable} must be a port from 1 to 65535, not "${environment[variable]}".`);
    return usual;
  };
  const config: InfraConfig = {
    infraDir: resolve(workspaceRoot, environment.INFRA_DIR || defaultInfraDir),
    postgresPort: port('postgres'),
    redisPort: port('redis'),
    postgresGiven: givenDatabases(environment),
    redisGiven: given(environment, ['REDIS_URL']),
    services: services.map(([name, key]) => ({ name, port: port(key), variable: ports[key].variable })),
  };
  if (troubles.length > 0) throw new InfraError(troubles.join('\n'));
  return config;
}

/** One address for all services, or one for each of them; a server for the rest is needed otherwise. */
function givenDatabases(environment: Environment): readonly string[] {
  const one = given(environment, ['DATABASE_URL']);
  const each = given(environment, serviceDatabases);
  if (one.length > 0) return one;
  return each.length === serviceDatabases.length ? each : [];
}

export type DatabaseName = keyof typeof embeddedPostgres.databases;

/** The address of a service's database where that is not the embedded one. */
export const givenDatabase = (
  name: DatabaseName,
  environment: Environment = process.env,
): string | undefined =>
  environment[`${name.toUpperCase()}_DATABASE_URL`] || environment.DATABASE_URL || undefined;

/** The address of a Redis that is not the embedded one. */
export const givenRedis = (environment: Environment = process.env): string | undefined =>
  environment.REDIS_URL || undefined;

const given = (environment: Environment, names: readonly string[]): string[] =>
  names.filter((name) => (environment[name] ?? '') !== '');

/** The program of a service, as its build leaves it. */
export const serviceProgram = (name: string): string => join(workspaceRoot, 'apps', name, 'dist', 'main.js');
