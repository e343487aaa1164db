import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the current request wherever its work goes on. */
export interface RequestContext {
  readonly requestId: string;
  /** As it came and so not to be believed yet; read when a line is written. */
  readonly traceparent?: string | string[] | undefined;
  /** On the clock of `performance.now()`: when who made the request gives up waiting. */
  readonly deadlineMs?: number;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();
