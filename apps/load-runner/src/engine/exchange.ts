// One request and what became of it: when it was wanted, sent and answered, and the answer's bytes.

import type { Answer, Step } from '../users/step.js';

/** How a request ended. Only `answered` has a status; `timeout` has a latency all the same: the time-out. */
export type Outcome =
  | 'answered'
  /** No complete answer within the time allowed. */
  | 'timeout'
  /** Nobody listens at the address. */
  | 'refused'
  /** The connection could not be opened for another reason. */
  | 'unreachable'
  /** The connection was reset while the answer was awaited. */
  | 'reset'
  /** The other side closed the connection instead of answering. */
  | 'closed'
  /** The answer broke off in the middle. */
  | 'truncated'
  /** What came back is not HTTP. */
  | 'malformed'
  /** The run ended before the answer came; neither success nor failure. */
  | 'censored';

export class Exchange implements Answer {
  step!: Step;
  outcome: Outcome = 'censored';
  status = 0;
  expected = false;

  /** Milliseconds of the thread's clock: wanted, given to a connection, first byte out, all bytes out, first byte in, last byte in. */
  wantedAt = 0;
  startedAt = 0;
  sentAt = 0;
  flushedAt = 0;
  firstByteAt = 0;
  endedAt = 0;
  /** Time spent opening a connection for this request; 0 on a connection that was already open. */
  connectingMs = 0;
  bytesSent = 0;
  bytesReceived = 0;
  resent = false;
  /** Trace context that it carries; the same when it is sent again. */
  traceparent: string | undefined;

  private headers: readonly string[] = [];
  private chunks: Buffer[] = [];

  begin(step: Step, wantedAt: number, traceparent?: string): void {
    this.step = step;
    this.outcome = 'censored';
    this.status = 0;
    this.expected = false;
    this.wantedAt = wantedAt;
    this.sentAt = 0;
    this.firstByteAt = 0;
    this.connectingMs = 0;
    this.bytesSent = 0;
    this.bytesReceived = 0;
    this.resent = false;
    this.traceparent = traceparent;
    this.release();
  }

  /** Started a moment before it was wanted, it is wanted from then on: no answer takes less than no time. */
  start(now: number): void {
    this.startedAt = now;
    if (this.wantedAt > now) this.wantedAt = now;
  }

  receiveHead(status: number, headers: readonly string[]): void {
    this.status = status;
    this.headers = headers;
  }

  receiveBody(data: Buffer): void {
    this.chunks.push(data);
  }

  /** Forgets half an answer; the request may be sent again. */
  dropAnswer(): void {
    this.status = 0;
    this.release();
  }

  /** Lets go of the bytes: a thousand users who think about them would keep them all in memory. */
  release(): void {
    this.headers = [];
    this.chunks = [];
  }

  end(outcome: Outcome, endedAt: number): void {
    this.outcome = outcome;
    this.endedAt = endedAt;
    if (outcome !== 'answered') this.dropAnswer();
    this.expected =
      outcome === 'answered' &&
      (this.status === this.step.endpoint.okStatus || this.step.alsoExpected.includes(this.status));
  }

  header(name: string): string | undefined {
    for (let index = 0; index < this.headers.length; index += 2) {
      if (this.headers[index]?.toLowerCase() === name) return this.headers[index + 1];
    }
    return undefined;
  }

  includes(bytes: Buffer): boolean {
    return this.body().includes(bytes);
  }

  count(bytes: Buffer): number {
    const body = this.body();
    let count = 0;
    for (let at = body.indexOf(bytes); at >= 0; at = body.indexOf(bytes, at + bytes.length)) count++;
    return count;
  }

  text(): string {
    return this.body().toString('utf8');
  }

  json(): unknown {
    return JSON.parse(this.text());
  }

  /** The bytes stay as they came unless a step looks at an answer that came in pieces. */
  private body(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] ?? empty;
  }
}

const empty = Buffer.alloc(0);
