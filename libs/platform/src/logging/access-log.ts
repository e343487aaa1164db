// One line for an answer: always of those that failed or were slow, of the others so many a second.
import type { IncomingMessage } from 'node:http';
import { traceFields } from './ecs-fields.js';
import { LineBudget } from './line-budget.js';
import { redactQuery } from './redaction.js';
import type { ServiceLogger } from './service-logger.js';

export interface AccessLogOptions {
  /** Lines of answers with nothing special about them; 0 writes none. */
  readonly perSecond: number;
  /** An answer that took longer is always told. */
  readonly slowMs: number;
}

export const usualAccessLog: AccessLogOptions = { perSecond: 10, slowMs: 1000 };

export type Answered = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Probes come every second from everywhere, and tell in their answer what is wrong. */
export const ACTUATOR_PREFIX = '/actuator/';
/** At the level `debug` of this logger no line is left out. */
const CONTEXT = 'Request';
const NS_PER_MS = 1e6;

export class AccessLog {
  private readonly budget: LineBudget;

  constructor(
    private readonly logger: ServiceLogger,
    private readonly options: AccessLogOptions,
  ) {
    this.budget = new LineBudget(options.perSecond);
  }

  /** `traceparent`: of our own span, where there is one. */
  answered(
    request: Answered,
    status: number,
    durationMs: number,
    requestId: string,
    traceparent: unknown = request.headers['traceparent'],
  ): void {
    const failed = status >= 500;
    if (!failed && durationMs <= this.options.slowMs && !this.hasRoom()) return;
    if (request.url?.startsWith(ACTUATOR_PREFIX)) return;
    const fields = {
      ...requestFields(request),
      ...traceFields(traceparent),
      'http.request.id': requestId,
      'http.response.status_code': status,
      'event.duration': Math.round(durationMs * NS_PER_MS),
      ...this.budget.told(),
    };
    if (failed) this.logger.error(fields, 'request failed', CONTEXT);
    else if (durationMs > this.options.slowMs) this.logger.warn(fields, 'request was slow', CONTEXT);
    else this.logger.log(fields, 'request answered', CONTEXT);
  }

  /** Tells how many lines were left out and not told yet. */
  close(): void {
    const untold = this.budget.told();
    if (untold.suppressed) this.logger.log(untold, 'requests answered that were not logged', CONTEXT);
  }

  private hasRoom(): boolean {
    if (!this.logger.isLevelEnabled('info', CONTEXT)) return false;
    return this.logger.isLevelEnabled('debug', CONTEXT) || this.budget.take();
  }
}

function requestFields({ method, url = '/' }: Answered): Record<string, unknown> {
  const query = url.indexOf('?');
  const path = { 'http.request.method': method, 'url.path': query < 0 ? url : url.slice(0, query) };
  return query < 0 ? path : { ...path, 'url.query': redactQuery(url.slice(query + 1)) };
}
