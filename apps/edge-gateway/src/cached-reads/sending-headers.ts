import type { OutgoingHttpHeader } from 'node:http';
import type { Source } from '@flowchart/cache';
import type { Accepted } from './accept-encoding.js';

/** What is different about each time an answer is sent. */
export interface Sending {
  readonly accepted: Accepted;
  readonly source: Source;
  readonly ageSeconds: number;
  readonly requestId: string;
}

/**
 * The headers of an answer that is sent again and again. There is one array of them, and only what differs is written
 * into it: `writeHead` reads it before it returns and keeps nothing of it. A copy for each time made a cached list cost
 * 5 % more.
 */
export class SendingHeaders {
  private readonly headers: OutgoingHttpHeader[];
  private readonly varying: number;

  constructor(constant: readonly string[]) {
    this.headers = [...constant, 'x-cache', '', 'age', '', 'x-request-id', ''];
    this.varying = constant.length;
  }

  /** To be handed to `writeHead` at once. */
  with({ source, ageSeconds, requestId }: Sending): OutgoingHttpHeader[] {
    const { headers, varying } = this;
    headers[varying + 1] = source;
    headers[varying + 3] = String(ageSeconds);
    headers[varying + 5] = requestId;
    return headers;
  }
}
