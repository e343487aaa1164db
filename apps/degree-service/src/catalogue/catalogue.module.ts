import { type DynamicModule, Module } from '@nestjs/common';
import { CATALOGUE_OPTIONS, type CatalogueOptions } from './catalogue.tokens.js';
import { CourseCatalogue } from './course-catalogue.js';

@Module({})
export class CatalogueModule {
  static forRoot(options: CatalogueOptions): DynamicModule {
    return {
      module: CatalogueModule,
      global: true,
      providers: [{ provide: CATALOGUE_OPTIONS, useValue: options }, CourseCatalogue],
      exports: [CourseCatalogue],
    };
  }
}
