/** `GET` and `PUT /students/me/plan`. */
import { type Plan, type PlanInput, planInputSchema } from '@flowchart/contracts';
import { ZodPipe } from '@flowchart/platform';
import { Body, Controller, Get, Header, Headers, Put, Res } from '@nestjs/common';
import { CurrentStudent } from '../students/current-student.js';
import { OwnRecord } from '../students/own-record.js';
import { etagOf, names, parseIfMatch } from './entity-tags.js';
import { PlansService } from './plans.service.js';

/** The little of Fastify's reply that is needed here. */
interface Reply {
  header(name: string, value: string): unknown;
  status(code: number): unknown;
}

@Controller('students/me/plan')
@OwnRecord()
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  async find(
    @CurrentStudent() studentId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Plan | undefined> {
    const plan = await this.plans.find(studentId);
    reply.header('etag', etagOf(plan.version));
    if (!names(ifNoneMatch, plan.version)) return plan;
    reply.status(304);
    return undefined;
  }

  @Put()
  @Header('cache-control', 'private, no-store')
  async save(
    @CurrentStudent() studentId: string,
    @Body(new ZodPipe(planInputSchema)) input: PlanInput,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Plan> {
    const plan = await this.plans.save(studentId, input, parseIfMatch(ifMatch));
    reply.header('etag', etagOf(plan.version));
    return plan;
  }
}
