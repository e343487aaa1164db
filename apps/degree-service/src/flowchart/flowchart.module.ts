import { Module } from '@nestjs/common';
import { DegreesModule } from '../degrees/degrees.module.js';
import { FlowchartController } from './flowchart.controller.js';
import { Flowcharts } from './flowcharts.js';

@Module({ imports: [DegreesModule], controllers: [FlowchartController], providers: [Flowcharts] })
export class FlowchartModule {}
