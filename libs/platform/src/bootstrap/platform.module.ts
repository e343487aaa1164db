import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { HealthRegistry } from '../actuator/health.registry.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { AccessLog } from '../logging/access-log.js';
import { LogLevels } from '../logging/log-levels.js';
import { Meters } from '../metrics/meters.js';
import { RuntimeMeters } from '../metrics/runtime-meters.js';
import { Tracing } from '../tracing/tracing.js';
import { SERVICE_OPTIONS, type ServiceOptions } from './service-options.js';

/** What is made before the modules are, which log already. */
export interface EarlyParts {
  readonly levels: LogLevels;
  readonly accessLog: AccessLog;
  readonly tracing: Tracing;
}

/** What every service stands on; its providers are there for all modules. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  static forRoot(options: ServiceOptions, { levels, accessLog, tracing }: EarlyParts): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: SERVICE_OPTIONS, useValue: options },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: LogLevels, useValue: levels },
        { provide: AccessLog, useValue: accessLog },
        { provide: Tracing, useValue: tracing },
        Meters,
        RuntimeMeters,
        HealthRegistry,
      ],
      exports: [SERVICE_OPTIONS, AccessLog, LogLevels, Meters, HealthRegistry, Tracing],
    };
  }

  /** After the last answer: Fastify's own hooks for closing come before it. */
  onApplicationShutdown(): Promise<void> {
    return this.tracing.close();
  }
}
