import {
  AssertionSigner,
  HealthRegistry,
  Meters,
  SERVICE_OPTIONS,
  type ServiceOptions,
} from '@flowchart/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig, type ServiceName } from '../config.js';
import { measureCircuits, Upstream } from './upstream.js';

/** The services behind the edge. None is critical: while one is down the edge still has what it stored. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  private readonly services: Readonly<Record<ServiceName, Upstream>>;

  constructor(
    @Inject(EDGE_CONFIG) config: EdgeConfig,
    @Inject(SERVICE_OPTIONS) self: ServiceOptions,
    meters: Meters,
    health: HealthRegistry,
  ) {
    const connect = (name: ServiceName) =>
      new Upstream({
        name: `${name}-service`,
        baseUrl: config.serviceUrls[name],
        timeoutMs: config.upstreamTimeoutMs,
        signer: new AssertionSigner(self, `${name}-service`),
      });
    this.services = { course: connect('course'), degree: connect('degree'), student: connect('student') };
    for (const upstream of this.all) {
      health.add({ name: upstream.name, critical: false, check: () => upstream.health() });
    }
    measureCircuits(meters, this.all);
  }

  of(name: ServiceName): Upstream {
    return this.services[name];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.all.map((upstream) => upstream.close()));
  }

  private get all(): Upstream[] {
    return Object.values(this.services);
  }
}
