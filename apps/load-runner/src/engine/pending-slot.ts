// Stands in for autocannon's queue of pending requests: one slot, the answer's bytes kept as they came, no string building.

import { performance } from 'node:perf_hooks';
import type { PendingRequests, ResponseHead } from 'autocannon/lib/httpClient.js';
import type { Exchange } from './exchange.js';

/** What the client is given for an answer nobody is waiting for; a server may send 408 on an idle connection, say. */
const unsolicited = { req: undefined, headers: { statusCode: 0 }, bytes: 0, duration: 0 };

export class PendingSlot implements PendingRequests {
  private exchange: Exchange | undefined;
  private interim = false;
  /** Whether the answer that just ended was a complete one to our request. */
  completed: Exchange | undefined;
  /** From the answer's head: the server means to close after it. */
  closing = false;

  insertRequest(request: Exchange): void {
    this.exchange = request;
  }

  addByteCount(count: number): void {
    const exchange = this.exchange;
    if (!exchange) return;
    if (exchange.bytesReceived === 0) exchange.firstByteAt = performance.now();
    exchange.bytesReceived += count;
  }

  setHeaders(head: ResponseHead): void {
    this.interim = head.statusCode < 200;
    this.closing = !head.shouldKeepAlive && !this.interim;
    if (!this.interim) this.exchange?.receiveHead(head.statusCode, head.headers);
  }

  addBody(data: Buffer): void {
    this.exchange?.receiveBody(data);
  }

  terminateRequest(): typeof unsolicited {
    this.completed = this.interim ? undefined : this.exchange;
    if (!this.interim) this.exchange = undefined;
    return unsolicited;
  }

  size(): number {
    return this.exchange ? 1 : 0;
  }

  clear(): void {
    this.exchange = undefined;
    this.completed = undefined;
  }

  toArray(): unknown[] {
    return this.exchange ? [this.exchange] : [];
  }
}
