import { Module } from '@nestjs/common';
import { DegreeReads } from './degree-reads.js';
import { DegreeWrites } from './degree-writes.js';
import { DegreesController } from './degrees.controller.js';
import { InternalDegreesController } from './internal-degrees.controller.js';

@Module({
  controllers: [DegreesController, InternalDegreesController],
  providers: [DegreeReads, DegreeWrites],
  exports: [DegreeReads],
})
export class DegreesModule {}
