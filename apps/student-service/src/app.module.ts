/** Accounts, students, transcripts, audits and plans. */
import { DatabaseModule } from '@flowchart/database';
import { EventsModule } from '@flowchart/events';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.js';
import { AccountsService } from './accounts/accounts.service.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { CATALOGUE_OPTIONS, CatalogueService } from './catalogue/catalogue.service.js';
import type { StudentServiceConfig } from './config.js';
import { databaseOptions } from './database.js';
import { PlanStore } from './plans/plan-store.js';
import { PlansController } from './plans/plans.controller.js';
import { PlansService } from './plans/plans.service.js';
import { StudentsController } from './students/students.controller.js';
import { StudentsService } from './students/students.service.js';
import { TranscriptsController } from './transcripts/transcripts.controller.js';
import { TranscriptsService } from './transcripts/transcripts.service.js';

@Module({})
export class AppModule {
  static from(config: StudentServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EventsModule.forRoot({ redisUrl: config.redisUrl, service: 'student' }),
        DatabaseModule.forRoot(databaseOptions(config)),
      ],
      controllers: [
        AccountsController,
        StudentsController,
        TranscriptsController,
        AuditController,
        PlansController,
      ],
      providers: [
        { provide: CATALOGUE_OPTIONS, useValue: config },
        AccountsService,
        StudentsService,
        TranscriptsService,
        CatalogueService,
        AuditService,
        PlanStore,
        PlansService,
      ],
    };
  }
}
