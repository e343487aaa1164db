import { sendRead } from '@flowchart/platform';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DegreeReads } from './degree-reads.js';

/** For services of the cluster, which keep a copy; the edge does not route here. */
@Controller('internal/degrees')
export class InternalDegreesController {
  constructor(private readonly reads: DegreeReads) {}

  @Get()
  async index(@Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.index());
  }
}
