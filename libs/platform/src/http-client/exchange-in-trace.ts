/** An exchange as part of the trace that it is made for: with a span of its own, and the other side told. */
import type { Dispatcher } from 'undici';
import { redactText } from '../logging/redaction.js';
import { requestContext } from '../logging/request-context.js';
import { traceContextOf } from '../logging/trace-context.js';
import { reasonOf } from '../metrics/http-client-meters.js';
import type { WorkSpan } from '../tracing/work-span.js';
import { exchange, type ExchangeAnswer, type ExchangeLimits, type ExchangeRequest } from './exchange.js';

export interface TracedRequest extends ExchangeRequest {
  /** `http://host:port`. */
  readonly origin: string;
  /** Template of `path`. */
  readonly uri: string;
  /** How often it was sent before. */
  readonly resends?: number;
}

/** As `exchange`, whose headers get the `traceparent`. */
export async function exchangeInTrace(
  dispatcher: Dispatcher,
  request: TracedRequest,
  limits: ExchangeLimits,
): Promise<ExchangeAnswer> {
  const within = requestContext.getStore();
  const span = within?.span && begin(within.span, request);
  const traceparent = span?.traceparent ?? believed(within?.traceparent);
  const { method, path, body } = request;
  const headers = traceparent === undefined ? request.headers : { ...request.headers, traceparent };
  const answer = exchange(dispatcher, { method, path, headers, body }, limits);
  return span ? recorded(span, answer) : answer;
}

/** Of a client: a refusal is a failure, too. */
const FAILED = 400;

async function recorded(span: WorkSpan, answered: Promise<ExchangeAnswer>): Promise<ExchangeAnswer> {
  try {
    const answer = await answered;
    const { status } = answer;
    span.end({
      attributes: { 'http.response.status_code': status },
      failure: status >= FAILED ? String(status) : undefined,
    });
    return answer;
  } catch (error) {
    span.end({ failure: reasonOf(error) });
    throw error;
  }
}

function begin(work: WorkSpan, { method, origin, path, uri, resends = 0 }: TracedRequest) {
  const { hostname, port, protocol } = new URL(origin);
  const [pathname = '/'] = path.split('?', 1);
  return work.child(`${method} ${uri}`, {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    // Without the query: what somebody looked for is theirs.
    'url.full': redactText(`${origin}${pathname}`),
    'url.template': uri,
    ...(resends > 0 && { 'http.request.resend_count': resends }),
  });
}

const believed = (traceparent: unknown): string | undefined =>
  typeof traceparent === 'string' && traceContextOf(traceparent) ? traceparent : undefined;
