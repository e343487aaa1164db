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
  readonly logLevel: string;
  /** How long readiness fails before the server stops accepting, so that balancers notice. */
  readonly shutdownDelayMs: number;
  readonly identitySecret: string;
}

export const SERVICE_OPTIONS = Symbol('SERVICE_OPTIONS');

/** All parts are released together under one version. */
const VERSION = '0.1.0';

interface ServiceEnvironment {
  readonly GIT_COMMIT?: string | undefined;
  readonly HOST: string;
  readonly MANAGEMENT_PORT?: number | undefined;
  readonly LOG_LEVEL: string;
  readonly SHUTDOWN_DELAY_MS: number;
  readonly IDENTITY_SECRET: string;
}

/** The part of `ServiceOptions` that is the same for all: from the environment every service understands. */
export function serviceOptions(
  environment: ServiceEnvironment,
  own: Pick<ServiceOptions, 'name' | 'port' | 'portVariable'>,
): ServiceOptions {
  return {
    ...own,
    version: VERSION,
    revision: environment.GIT_COMMIT,
    host: environment.HOST,
    managementPort: environment.MANAGEMENT_PORT,
    logLevel: environment.LOG_LEVEL,
    shutdownDelayMs: environment.SHUTDOWN_DELAY_MS,
    identitySecret: environment.IDENTITY_SECRET,
  };
}
