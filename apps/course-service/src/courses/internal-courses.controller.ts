import { sendRead } from '@flowchart/platform';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CourseReads } from './course-reads.js';

/** For services of the cluster, which keep a copy; the edge does not route here. */
@Controller('internal/courses')
export class InternalCoursesController {
  constructor(private readonly reads: CourseReads) {}

  @Get()
  async index(@Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.index());
  }
}
