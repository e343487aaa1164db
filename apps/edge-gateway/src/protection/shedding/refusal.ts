import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemContentType } from '@flowchart/contracts';
import { AppError, requestIdOf, securityHeaders, toProblem } from '@flowchart/platform';
import { edgeErrors } from '../../errors.js';

/** Spread, so that all who are sent away do not come back in the same second. */
const RETRY_AFTER_SECONDS = ['1', '2', '3'] as const;

const {
  instance: _instance,
  requestId: _requestId,
  ...document
} = toProblem(
  new AppError(edgeErrors.OVERLOADED, 'More is asked than can be answered right now. Try again shortly.'),
  { path: '', requestId: '' },
);
/** All of the problem but what is the request's own. */
const beginning = `${JSON.stringify(document).slice(0, -1)},"instance":`;
const always = [
  ...Object.entries(securityHeaders).flat(),
  'content-type',
  problemContentType,
  'cache-control',
  'no-store',
];

let refusals = 0;

/** Answers 503. It has to cost next to nothing: this is done when there is no time. */
export function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdOf(request);
  const path = (request.url as string).split('?', 1)[0];
  // A text and not its bytes: then Node writes it together with the head.
  const body = `${beginning}${JSON.stringify(path)},"requestId":"${requestId}"}`;
  const retryAfter = RETRY_AFTER_SECONDS[refusals++ % RETRY_AFTER_SECONDS.length] as string;
  const own = [
    'retry-after',
    retryAfter,
    'x-request-id',
    requestId,
    'content-length',
    String(Buffer.byteLength(body)),
  ];
  response.writeHead(503, [...always, ...own]).end(request.method === 'HEAD' ? undefined : body);
}
