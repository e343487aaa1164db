import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { HealthRegistry } from '../actuator/health.registry.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { AccessLog } from '../logging/access-log.js';
import { LogLevels } from '../logging/log-levels.js';
import { Meters } from '../metrics/meters.js';
import { RuntimeMeters } from '../metrics/runtime-meters.js';
import { SERVICE_OPTIONS, type ServiceOptions } from './service-options.js';

/** What is made before the modules are, which log already. */
export interface LogParts {
  readonly levels: LogLevels;
  readonly accessLog: AccessLog;
}

/** What every service stands on; its providers are there for all modules. */
@Module({})
export class PlatformModule {
  static forRoot(options: ServiceOptions, { levels, accessLog }: LogParts): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: SERVICE_OPTIONS, useValue: options },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: LogLevels, useValue: levels },
        { provide: AccessLog, useValue: accessLog },
        Meters,
        RuntimeMeters,
        HealthRegistry,
      ],
      exports: [SERVICE_OPTIONS, AccessLog, LogLevels, Meters, HealthRegistry],
    };
  }
}
