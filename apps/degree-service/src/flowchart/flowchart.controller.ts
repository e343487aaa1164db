import { ZodPipe, sendRead } from '@flowchart/platform';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type DegreeId, degreeIdSchema } from '../degrees/degree-id.js';
import { Flowcharts } from './flowcharts.js';

@Controller('degrees/:id/flowchart')
export class FlowchartController {
  constructor(private readonly flowcharts: Flowcharts) {}

  @Get()
  async of(@Param(new ZodPipe(degreeIdSchema)) { id }: DegreeId, @Res() reply: FastifyReply) {
    sendRead(reply, await this.flowcharts.of(id));
  }
}
