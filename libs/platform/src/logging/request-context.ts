import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the current request wherever its work goes on. */
export interface RequestContext {
  readonly requestId: string;
  /** On the clock of `performance.now()`: when who made the request gives up waiting. */
  readonly deadlineMs?: number;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();
