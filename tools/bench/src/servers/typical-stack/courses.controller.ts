/** Courses as objects. */
import { CacheInterceptor } from '@nestjs/cache-manager';
import {
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Query,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { DOCUMENTS, type Documents } from './documents.js';

@Controller('courses')
@UseInterceptors(CacheInterceptor)
export class CoursesController {
  constructor(@Inject(DOCUMENTS) private readonly documents: Documents) {}

  @Get()
  search(@Query() _query: Record<string, string>, @Req() { url }: { url: string }): object {
    return this.find(url);
  }

  @Get(':id')
  byId(@Param('id') id: string): object {
    return this.find(`/courses/${id}`);
  }

  private find(target: string): object {
    const document = this.documents[target];
    if (document === undefined) throw new NotFoundException();
    return document;
  }
}
