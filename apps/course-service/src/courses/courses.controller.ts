import {
  type CourseInput,
  courseInputSchema,
  type CourseQuery,
  courseQuerySchema,
} from '@flowchart/contracts';
import { IdentityGuard, RequireRole, ZodPipe, sendRead, sendWritten } from '@flowchart/platform';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CourseReads } from './course-reads.js';
import { CourseWrites } from './course-writes.js';

const idSchema = z.object({ id: z.uuid('must be a UUID') });
type Id = z.infer<typeof idSchema>;

@Controller('courses')
export class CoursesController {
  constructor(
    private readonly reads: CourseReads,
    private readonly writes: CourseWrites,
  ) {}

  @Get()
  async search(@Query(new ZodPipe(courseQuerySchema)) query: CourseQuery, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.search(query));
  }

  @Get('code/:code')
  async byCode(@Param('code') code: string, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.byCode(code));
  }

  @Get(':id')
  async byId(@Param(new ZodPipe(idSchema)) { id }: Id, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.byId(id));
  }

  @Get(':id/prerequisites')
  async prerequisites(@Param(new ZodPipe(idSchema)) { id }: Id, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.prerequisites(id));
  }

  @Post()
  @UseGuards(IdentityGuard)
  @RequireRole('registrar')
  async create(@Body(new ZodPipe(courseInputSchema)) input: CourseInput, @Res() reply: FastifyReply) {
    sendWritten(reply, await this.writes.create(input), 201);
  }

  @Put(':id')
  @UseGuards(IdentityGuard)
  @RequireRole('registrar')
  async replace(
    @Param(new ZodPipe(idSchema)) { id }: Id,
    @Body(new ZodPipe(courseInputSchema)) input: CourseInput,
    @Headers('if-match') ifMatch: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    sendWritten(reply, await this.writes.replace(id, input, ifMatch));
  }

  @Delete(':id')
  @HttpCode(204)
  @UseGuards(IdentityGuard)
  @RequireRole('registrar')
  async remove(@Param(new ZodPipe(idSchema)) { id }: Id, @Headers('if-match') ifMatch: string | undefined) {
    await this.writes.remove(id, ifMatch);
  }
}
