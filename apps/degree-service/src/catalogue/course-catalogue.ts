/** The courses, kept here as a copy of what course-service has. */
import { type Course, courseIndexSchema, type DomainEvent } from '@flowchart/contracts';
import { EventSubscriber } from '@flowchart/events';
import {
  AssertionSigner,
  HealthRegistry,
  KeptCopy,
  Meters,
  SERVICE_OPTIONS,
  ServiceClient,
  type ServiceOptions,
} from '@flowchart/platform';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CATALOGUE_OPTIONS, type CatalogueOptions } from './catalogue.tokens.js';

/** By code. A new map for each change, so that what is made from one can be kept with it. */
export type Courses = ReadonlyMap<string, Course>;

const INDEX = '/internal/courses';
const TIMEOUT_MS = 2000;

@Injectable()
export class CourseCatalogue implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CourseCatalogue.name);
  private readonly client: ServiceClient;
  private readonly copy: KeptCopy<Courses>;

  constructor(
    @Inject(CATALOGUE_OPTIONS) { courseServiceUrl }: CatalogueOptions,
    @Inject(SERVICE_OPTIONS) self: ServiceOptions,
    events: EventSubscriber,
    health: HealthRegistry,
    meters: Meters,
  ) {
    this.client = new ServiceClient({
      name: 'course-service',
      baseUrl: courseServiceUrl,
      timeoutMs: TIMEOUT_MS,
      signer: new AssertionSigner(self, 'course-service'),
      meters,
    });
    this.copy = new KeptCopy({
      client: this.client,
      path: INDEX,
      // Course-service is asked each time whether the copy is still true (a 304, one tiny read there). An edge that has
      // just evicted a flowchart because of a course must not get the one of before and keep it for a minute.
      freshMs: 0,
      parse: coursesByCode,
    });
    events.listen({ onEvent: (event) => this.renewFor(event), onGap: () => this.renew() });
    health.add({ name: 'courseService', critical: false, check: () => this.check() });
  }

  /** Rejects with 503 only when there has never been a copy and course-service does not answer. */
  get(): Promise<Courses> {
    return this.copy.get();
  }

  /** Had before it is needed: then it is there if course-service goes away. */
  onApplicationBootstrap(): void {
    void this.renew();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }

  private async renewFor({ type }: DomainEvent): Promise<void> {
    if (type === 'course.changed' || type === 'course.deleted') await this.renew();
  }

  private async renew(): Promise<void> {
    try {
      await this.copy.get();
    } catch (error) {
      this.logger.warn(`there is no copy of the courses yet: ${String(error)}`);
    }
  }

  private async check() {
    // Any version will do: the answer has no body then.
    const { status } = await this.client.call(INDEX, { headers: { 'if-none-match': '*' } });
    if (status !== 304) throw new Error(`${INDEX} answered ${status}`);
    return { answer: status };
  }
}

const coursesByCode = (json: unknown): Courses =>
  new Map(courseIndexSchema.parse(json).courses.map((course) => [course.code, course]));
