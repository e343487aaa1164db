import {
  type DegreeInput,
  degreeInputSchema,
  type DegreeQuery,
  degreeQuerySchema,
} from '@flowchart/contracts';
import { IdentityGuard, RequireRole, ZodPipe, sendRead, sendWritten } from '@flowchart/platform';
import { Body, Controller, Get, Headers, Param, Put, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type DegreeId, degreeIdSchema } from './degree-id.js';
import { DegreeReads } from './degree-reads.js';
import { DegreeWrites } from './degree-writes.js';

@Controller('degrees')
export class DegreesController {
  constructor(
    private readonly reads: DegreeReads,
    private readonly writes: DegreeWrites,
  ) {}

  @Get()
  async list(@Query(new ZodPipe(degreeQuerySchema)) query: DegreeQuery, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.list(query));
  }

  @Get('code/:code')
  async byCode(@Param('code') code: string, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.byCode(code));
  }

  @Get(':id')
  async byId(@Param(new ZodPipe(degreeIdSchema)) { id }: DegreeId, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.byId(id));
  }

  @Get(':id/requirements')
  async requirements(@Param(new ZodPipe(degreeIdSchema)) { id }: DegreeId, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.requirements(id));
  }

  @Get(':id/constraints')
  async constraints(@Param(new ZodPipe(degreeIdSchema)) { id }: DegreeId, @Res() reply: FastifyReply) {
    sendRead(reply, await this.reads.constraints(id));
  }

  @Put(':id')
  @UseGuards(IdentityGuard)
  @RequireRole('registrar')
  async replace(
    @Param(new ZodPipe(degreeIdSchema)) { id }: DegreeId,
    @Body(new ZodPipe(degreeInputSchema)) input: DegreeInput,
    @Headers('if-match') ifMatch: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    sendWritten(reply, await this.writes.replace(id, input, ifMatch));
  }
}
