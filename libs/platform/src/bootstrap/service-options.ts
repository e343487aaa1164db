import type { DestinationStream } from 'pino';
import { derivedKeys, type IdentityKeys, listedKeys } from '../auth/identity-keys.js';
import type { AccessLogOptions } from '../logging/access-log.js';
import type { LogLevel } from '../logging/log-levels.js';
import { type TracingEnvironment, type TracingOptions, tracingOptions } from '../tracing/tracing-options.js';
import type { ConnectionLimits } from './connection-limits.js';

/** What a service tells the platform about itself. */
export interface ServiceOptions {
  readonly name: string;
  readonly version: string;
  /** Git commit of the build; without it the working copy is asked. */
  readonly revision?: string | undefined;
  readonly port: number;
  readonly host: string;
  /** Variable that moves the port; named when the port is taken. */
  readonly portVariable: string;
  /** Port of the actuator alone; without it the actuator shares the service's port. */
  readonly managementPort?: number | undefined;
  readonly logLevel: LogLevel;
  /** Where log lines go instead of the output of the process. */
  readonly logTo?: DestinationStream;
  /** Which answers are logged. */
  readonly accessLog?: AccessLogOptions;
  /** Where spans go; without it there are none. */
  readonly tracing?: TracingOptions | undefined;
  /** How long readiness fails before the server stops accepting, so that balancers notice. */
  readonly shutdownDelayMs: number;
  /** What it signs its calls with, and knows its callers by. */
  readonly identityKeys: IdentityKeys;
  /** Answers anybody, as only the edge does; without it a service answers the callers it has keys of. */
  readonly isPublic?: boolean;
  /** Where they differ from the usual ones. */
  readonly connectionLimits?: Partial<ConnectionLimits> | undefined;
}

export const SERVICE_OPTIONS = Symbol('SERVICE_OPTIONS');

/** All parts are released together under one version. */
const VERSION = '0.1.0';

interface ServiceEnvironment extends TracingEnvironment {
  readonly GIT_COMMIT?: string | undefined;
  readonly HOST: string;
  readonly MANAGEMENT_PORT?: number | undefined;
  readonly LOG_LEVEL: LogLevel;
  readonly ACCESS_LOG_PER_SECOND: number;
  readonly ACCESS_LOG_SLOW_MS: number;
  readonly SHUTDOWN_DELAY_MS: number;
  readonly IDENTITY_SECRET: string;
  readonly IDENTITY_SECRET_PREVIOUS?: string | undefined;
  readonly IDENTITY_KEYS?: string | undefined;
}

/** The part of `ServiceOptions` that is the same for all: from the environment every service understands. */
export function serviceOptions(
  environment: ServiceEnvironment,
  own: Pick<ServiceOptions, 'name' | 'port' | 'portVariable' | 'isPublic' | 'connectionLimits'>,
): ServiceOptions {
  return {
    ...own,
    version: VERSION,
    revision: environment.GIT_COMMIT,
    host: environment.HOST,
    managementPort: environment.MANAGEMENT_PORT,
    logLevel: environment.LOG_LEVEL,
    accessLog: {
      perSecond: environment.ACCESS_LOG_PER_SECOND,
      slowMs: environment.ACCESS_LOG_SLOW_MS,
    },
    tracing: tracingOptions(environment),
    shutdownDelayMs: environment.SHUTDOWN_DELAY_MS,
    identityKeys: identityKeysOf(environment),
  };
}

function identityKeysOf(environment: ServiceEnvironment): IdentityKeys {
  const { IDENTITY_KEYS: list, IDENTITY_SECRET: secret, IDENTITY_SECRET_PREVIOUS: previous } = environment;
  if (list !== undefined) return listedKeys(list);
  return derivedKeys(previous === undefined ? [secret] : [secret, previous]);
}
