/** Courses and degree rules as their owners last told them, used on while an owner is down. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  constraintSchema,
  type Course,
  courseIndexSchema,
  type DegreeRules,
  degreeSchema,
  requirementSchema,
} from '@flowchart/contracts';
import { EventSubscriber } from '@flowchart/events';
import {
  AppError,
  AssertionSigner,
  HealthRegistry,
  Meters,
  SERVICE_OPTIONS,
  type ServiceOptions,
} from '@flowchart/platform';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { z } from 'zod';
import { errors } from '../errors.js';
import { Neighbour } from './neighbour.js';

/** The course catalogue by code. */
export type Courses = ReadonlyMap<string, Course>;

/** Where the owners are. */
export interface CatalogueOptions {
  readonly courseServiceUrl: string;
  readonly degreeServiceUrl: string;
}
export const CATALOGUE_OPTIONS = Symbol('CATALOGUE_OPTIONS');

const RETRY_MS = 1000;

const degreeIndexSchema = z.object({
  degrees: z.array(
    degreeSchema.extend({
      requirements: z.array(requirementSchema),
      constraints: z.array(constraintSchema),
    }),
  ),
});

@Injectable()
export class CatalogueService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Catalogue');
  private readonly courseService;
  private readonly degreeService;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(CATALOGUE_OPTIONS) { courseServiceUrl, degreeServiceUrl }: CatalogueOptions,
    @Inject(SERVICE_OPTIONS) self: ServiceOptions,
    events: EventSubscriber,
    health: HealthRegistry,
    meters: Meters,
  ) {
    this.courseService = new Neighbour({
      name: 'course-service',
      baseUrl: courseServiceUrl,
      signer: new AssertionSigner(self, 'course-service'),
      meters,
      path: '/internal/courses',
      schema: courseIndexSchema,
      arrange: ({ courses }): Courses => new Map(courses.map((course) => [course.code, course])),
    });
    this.degreeService = new Neighbour({
      name: 'degree-service',
      baseUrl: degreeServiceUrl,
      signer: new AssertionSigner(self, 'degree-service'),
      meters,
      path: '/internal/degrees',
      schema: degreeIndexSchema,
      arrange: ({ degrees }): ReadonlyMap<string, DegreeRules> =>
        new Map(degrees.map((degree) => [degree.code, degree])),
    });
    events.listen({
      onEvent: ({ type }) => (type === 'degree.changed' ? this.degreeService : this.courseService).expire(),
      onGap: () => [this.courseService, this.degreeService].forEach((neighbour) => neighbour.expire()),
    });
    health.add({ name: 'courseService', critical: false, check: () => this.courseService.check() });
    health.add({ name: 'degreeService', critical: false, check: () => this.degreeService.check() });
  }

  courses(): Promise<Courses> {
    return this.courseService.get();
  }

  async degree(code: string): Promise<DegreeRules> {
    const degree = (await this.degreeService.get()).get(code);
    if (!degree) throw new AppError(errors.DEGREE_UNKNOWN, `degree-service knows no degree ${code}.`);
    return degree;
  }

  /** Copies are there before they are needed: then an owner may go away before anybody asked. */
  onApplicationBootstrap(): void {
    void this.fetchFirstCopies();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.courseService.close(), this.degreeService.close()]);
  }

  private async fetchFirstCopies(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      const copies = await Promise.allSettled([this.courseService.get(), this.degreeService.get()]);
      const failed = copies.find((copy) => copy.status === 'rejected');
      if (!failed) return;
      if (attempt === 0) this.logger.warn(`no audits and plans yet: ${String(failed.reason)}`);
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }
}
