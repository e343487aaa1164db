import { Logger, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { registerActuator } from '../actuator/actuator.js';
import { HealthRegistry } from '../actuator/health.registry.js';
import { serviceInfo } from '../actuator/service-info.js';
import { admitCallersOnly } from '../auth/admission.js';
import { ConfigError } from '../config/read-config.js';
import { keepDeadlines } from '../http-client/deadline.js';
import { AccessLog, usualAccessLog } from '../logging/access-log.js';
import { LogLevels } from '../logging/log-levels.js';
import { logRequests } from '../logging/request-log.js';
import { ServiceLogger } from '../logging/service-logger.js';
import { httpServerRequests, measureRequests } from '../metrics/http-server-meters.js';
import { Meters } from '../metrics/meters.js';
import { startTracing } from '../tracing/start-tracing.js';
import { closeAfterLastAnswer } from './draining.js';
import { fastifyAdapter } from './fastify-adapter.js';
import { PlatformModule } from './platform.module.js';
import type { ServiceOptions } from './service-options.js';
import { shutDownGracefully } from './shutdown.js';

@Module({})
class ServiceModule {}

type AnyModule = Type | DynamicModule;

/** A service whose parts are made but that does not listen yet. */
export async function createService(
  module: AnyModule,
  options: ServiceOptions,
): Promise<NestFastifyApplication> {
  const levels = new LogLevels(options.logLevel);
  const logger = new ServiceLogger(options, levels, options.logTo);
  const accessLog = new AccessLog(logger, options.accessLog ?? usualAccessLog);
  const tracing = await startTracing(options);
  const platform = PlatformModule.forRoot(options, { levels, accessLog, tracing });
  const root = { module: ServiceModule, imports: [platform, module] };
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    root,
    fastifyAdapter(options.connectionLimits, () => health.isDraining),
    {
      logger,
      bodyParser: false,
      abortOnError: false,
    },
  );
  const health: HealthRegistry = app.get(HealthRegistry);
  const server = app.getHttpAdapter().getInstance();
  logRequests(server, accessLog, tracing);
  if (!options.isPublic) {
    admitCallersOnly(server, options);
    keepDeadlines(server);
  }
  drainBeforeClosing(server, health);
  measureRequests(server, httpServerRequests(app.get(Meters)));
  if (options.managementPort === undefined)
    registerActuator(server, actuatorParts(app, options), options.isPublic ? 'nobody' : 'this machine');
  return app;
}

/**
 * Starts a service and keeps it running until a signal. `prepare` may add hooks and routes before it listens. A start
 * that fails says why in a line and ends the process with 1.
 */
export async function runService(
  module: () => AnyModule,
  readOptions: () => ServiceOptions,
  prepare: (app: NestFastifyApplication) => void | Promise<void> = () => undefined,
): Promise<void> {
  try {
    const options = readOptions();
    const app = await createService(module(), options);
    await prepare(app);
    await app.listen(options.port, options.host);
    const management = await serveManagement(app, options);
    shutDownGracefully(app, options.shutdownDelayMs, async () => management?.close());
    new Logger('Service').log(`${options.name} listens on port ${options.port}`);
  } catch (error) {
    process.stderr.write(`${startFailure(error, readOptions)}\n`);
    process.exit(1);
  }
}

/** Whoever closes a service without a word has drained it, too. */
function drainBeforeClosing(server: FastifyInstance, health: HealthRegistry): void {
  server.addHook('preClose', (done) => {
    health.drain();
    done();
  });
}

async function serveManagement(
  app: NestFastifyApplication,
  options: ServiceOptions,
): Promise<FastifyInstance | undefined> {
  if (options.managementPort === undefined) return undefined;
  const management = fastify();
  closeAfterLastAnswer(management);
  registerActuator(management, actuatorParts(app, options), 'anybody');
  await management.listen({ port: options.managementPort, host: options.host });
  return management;
}

const actuatorParts = (app: NestFastifyApplication, options: ServiceOptions) => ({
  health: app.get(HealthRegistry),
  meters: app.get(Meters),
  levels: app.get(LogLevels),
  info: serviceInfo(options.name, options.version, options.revision),
});

function startFailure(error: unknown, readOptions: () => ServiceOptions): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    const { port, portVariable, managementPort } = readOptions();
    const variable = error.port === managementPort && error.port !== port ? 'MANAGEMENT_PORT' : portVariable;
    return `Port ${String(error.port)} is in use. Stop the program that uses it, or set ${variable} to a free port.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
