import {
  AssertionSigner,
  HealthRegistry,
  Meters,
  SERVICE_OPTIONS,
  type ServiceOptions,
} from '@flowchart/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig, type ServiceName } from '../config.js';
import { UpstreamMeters } from './upstream-meters.js';
import { Upstream } from './upstream.js';

/** The services behind the edge. None is critical: while one is down the edge still has what it stored. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  /**
   * Logins go to student-service beside everything else of it: each takes long there, and a storm of them must not
   * keep those waiting who are logged in.
   */
  readonly logins: Upstream;
  private readonly services: Readonly<Record<ServiceName, Upstream>>;

  constructor(
    @Inject(EDGE_CONFIG) config: EdgeConfig,
    @Inject(SERVICE_OPTIONS) self: ServiceOptions,
    meters: Meters,
    health: HealthRegistry,
  ) {
    const upstreamMeters = new UpstreamMeters(meters);
    const connect = (owner: ServiceName, name = `${owner}-service`) =>
      new Upstream({
        service: `${owner}-service`,
        baseUrl: config.serviceUrls[owner],
        timeoutMs: config.upstreamTimeoutMs,
        connections: config.upstreamConnections,
        queue: config.upstreamQueue,
        signer: new AssertionSigner(self, `${owner}-service`),
        meter: upstreamMeters.of(name),
      });
    this.services = { course: connect('course'), degree: connect('degree'), student: connect('student') };
    this.logins = connect('student', 'logins');
    for (const upstream of Object.values(this.services)) {
      health.add({ name: upstream.service, critical: false, check: () => upstream.health() });
    }
    upstreamMeters.watch(() => this.all.map(([name, { state }]) => ({ name, state })));
  }

  of(name: ServiceName): Upstream {
    return this.services[name];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.all.map(([, upstream]) => upstream.close()));
  }

  /** By the name that metrics have for each. */
  private get all(): [string, Upstream][] {
    const services = Object.values(this.services).map((upstream): [string, Upstream] => [
      upstream.service,
      upstream,
    ]);
    return [...services, ['logins', this.logins]];
  }
}
