/** The application: one controller behind the cache's interceptor. */
import { CacheModule } from '@nestjs/cache-manager';
import { type DynamicModule, Module } from '@nestjs/common';
import { CoursesController } from './courses.controller.js';
import { DOCUMENTS, type Documents } from './documents.js';

export type { Documents } from './documents.js';

const TTL_MS = 600_000;

@Module({})
export class AppModule {
  static from(documents: Documents): DynamicModule {
    return {
      module: AppModule,
      imports: [CacheModule.register({ ttl: TTL_MS })],
      controllers: [CoursesController],
      providers: [{ provide: DOCUMENTS, useValue: documents }],
    };
  }
}
