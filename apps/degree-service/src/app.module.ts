import { DatabaseModule } from '@flowchart/database';
import { EventsModule } from '@flowchart/events';
import { type DynamicModule, Module } from '@nestjs/common';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import type { DegreeServiceConfig } from './config.js';
import { DegreeConstraint } from './degrees/degree-constraint.entity.js';
import { DegreeRequirement } from './degrees/degree-requirement.entity.js';
import { Degree } from './degrees/degree.entity.js';
import { seedDegrees } from './degrees/degree.seed.js';
import { DegreesModule } from './degrees/degrees.module.js';
import { FlowchartModule } from './flowchart/flowchart.module.js';
import { CreateDegrees1763900000001 } from './migrations/1763900000001-create-degrees.js';

/** Degrees with their rules, and the flowchart that follows from them and the courses' prerequisites. */
@Module({})
export class AppModule {
  static from(config: DegreeServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EventsModule.forRoot({ redisUrl: config.redisUrl, service: 'degree' }),
        DatabaseModule.forRoot({
          service: 'degree',
          url: config.databaseUrl,
          poolSize: config.poolSize,
          slowQueryMs: config.slowQueryMs,
          entities: [Degree, DegreeRequirement, DegreeConstraint],
          migrations: [CreateDegrees1763900000001],
          ...(config.seed && { seed: seedDegrees }),
        }),
        CatalogueModule.forRoot({ courseServiceUrl: config.courseServiceUrl }),
        DegreesModule,
        FlowchartModule,
      ],
    };
  }
}
