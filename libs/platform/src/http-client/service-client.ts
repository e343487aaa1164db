import { deadlineHeader, deadlineText, identityHeader } from '@flowchart/contracts';
import { Pool } from 'undici';
import type { AssertionSigner } from '../auth/assertion.js';
import { AppError, platformErrors } from '../errors/app-error.js';
import { HttpClientMeter, reasonOf } from '../metrics/http-client-meters.js';
import type { Meters } from '../metrics/meters.js';
import { timeLeftMs } from './deadline.js';
import { exchangeInTrace } from './exchange-in-trace.js';
import type { ExchangeAnswer, ExchangeRequest } from './exchange.js';

const CONNECTIONS = 32;
const KEEP_ALIVE_MS = 30_000;

export interface ServiceClientOptions {
  /** Named in errors: `course-service`. */
  readonly name: string;
  readonly baseUrl: string;
  /** How long a call may take; less where whoever made the current request waits for less. */
  readonly timeoutMs: number;
  /** Says that it is us who call. */
  readonly signer: AssertionSigner;
  readonly meters: Meters;
}

export type ServiceAnswer = ExchangeAnswer;
export type ServiceCall = Partial<Omit<ExchangeRequest, 'path'>>;

/** Calls one other service over kept-alive connections; a call that gets no answer fails with 503 in bounded time. */
export class ServiceClient {
  private readonly origin: string;
  private readonly pool: Pool;
  private readonly meter: HttpClientMeter;

  constructor(private readonly options: ServiceClientOptions) {
    this.meter = new HttpClientMeter(options.meters, options.name);
    this.origin = new URL(options.baseUrl).origin;
    this.pool = new Pool(this.origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectTimeout: options.timeoutMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Metrics show the `path`, too: one without parameters. */
  async call(path: string, { method = 'GET', headers = {}, body }: ServiceCall = {}): Promise<ServiceAnswer> {
    const { name, signer } = this.options;
    const timeoutMs = Math.min(this.options.timeoutMs, timeLeftMs());
    const measured = { method, uri: path };
    const startedMs = performance.now();
    const own = { [identityHeader]: signer.sign(), [deadlineHeader]: deadlineText(timeoutMs) };
    try {
      const { origin } = this;
      const request = { method, origin, path, uri: path, headers: { ...headers, ...own }, body };
      const answer = await exchangeInTrace(this.pool, request, { timeoutMs });
      this.meter.answered(measured, answer.status, startedMs);
      return answer;
    } catch (cause) {
      this.meter.failed(measured, reasonOf(cause), startedMs);
      throw new AppError(
        platformErrors.DEPENDENCY_UNAVAILABLE,
        `${name} does not answer. Try again shortly.`,
        { cause, headers: { 'retry-after': '1' } },
      );
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
