import { setTimeout as sleep } from 'node:timers/promises';
import { SingleFlight } from '@flowchart/kernel';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

export type HealthStatus = 'UP' | 'DOWN' | 'OUT_OF_SERVICE';

export interface ComponentHealth {
  readonly status: HealthStatus;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

/** A dependency that tells its state. */
export interface HealthContributor {
  readonly name: string;
  /** Without it the service cannot do its work: down makes the whole service down and not ready. */
  readonly critical: boolean;
  /** Resolves with details when the dependency works; rejects when not. */
  check(): Promise<Readonly<Record<string, unknown>>>;
}

const CHECK_TIMEOUT_MS = 2000;
/** What the service can do without is asked for no more often than this, however often anybody wants to know. */
const KNOWN_MS = 1000;
/** Who asks whether a busy service lives gets an answer: after this wait what was known of a dependency has to do. */
const PATIENCE_MS = 30;

interface KnownResult {
  readonly result: HealthIndicatorResult;
  readonly untilMs: number;
}

/** Knows what this service depends on, and whether it should get traffic. */
@Injectable()
export class HealthRegistry {
  private readonly contributors: HealthContributor[] = [];
  private readonly known = new Map<string, KnownResult>();
  private readonly checks = new SingleFlight<HealthIndicatorResult>();
  private draining = false;

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  add(contributor: HealthContributor): void {
    this.contributors.push(contributor);
  }

  /** From now on the service is alive but wants no more traffic. */
  drain(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  async report(): Promise<HealthReport> {
    const results = await this.askAll();
    const components = Object.fromEntries(
      Object.entries(results).map(([name, { status, ...details }]) => [
        name,
        { status: springStatus(status), details },
      ]),
    );
    const failed = this.contributors.some(
      ({ name, critical }) => critical && components[name]?.status === 'DOWN',
    );
    return { status: failed ? 'DOWN' : this.draining ? 'OUT_OF_SERVICE' : 'UP', components };
  }

  private async askAll(): Promise<HealthIndicatorResult> {
    const checks = this.contributors.map((contributor) => () => this.ask(contributor));
    try {
      return (await this.terminus.check(checks)).details;
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return (error.getResponse() as { details: HealthIndicatorResult }).details;
    }
  }

  /** What a contributor says now, or what it said last where that takes too long. */
  private async ask(contributor: HealthContributor): Promise<HealthIndicatorResult> {
    const { name, critical } = contributor;
    const known = this.known.get(name);
    if (known && !critical && performance.now() < known.untilMs) return known.result;
    const asked = this.checks.do(name, async () => {
      const result = await this.check(contributor);
      this.known.set(name, { result, untilMs: performance.now() + KNOWN_MS });
      return result;
    });
    return known ? Promise.race([asked, sleep(PATIENCE_MS, known.result)]) : asked;
  }

  private async check(contributor: HealthContributor): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(contributor.name);
    try {
      return indicator.up({ ...(await withTimeout(contributor.check(), CHECK_TIMEOUT_MS)) });
    } catch (error) {
      return indicator.down({ error: error instanceof Error ? error.message : String(error) });
    }
  }
}

const springStatus = (status: string | undefined): HealthStatus => (status === 'up' ? 'UP' : 'DOWN');

async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
