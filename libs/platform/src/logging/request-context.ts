import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkSpan } from '../tracing/work-span.js';

/** What is known of the current request wherever its work goes on. */
export interface RequestContext {
  /** There is none where an event is handled, which no request waits for. */
  readonly requestId?: string;
  /** As it came and so not to be believed yet, or our own of `span`; read when a line is written. */
  readonly traceparent?: string | string[] | undefined;
  /** The work itself, where it is recorded. */
  readonly span?: WorkSpan | undefined;
  /** On the clock of `performance.now()`: when who made the request gives up waiting. */
  readonly deadlineMs?: number;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();
