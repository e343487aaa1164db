// One user's connection: autocannon's HTTP client, taught to send when told, to notice what it lost, and to reconnect with patience.

import { performance } from 'node:perf_hooks';
import Client, { type ClientOptions, type ResponseHead } from 'autocannon/lib/httpClient.js';
import { Deadline } from './deadline.js';
import type { Exchange, Outcome } from './exchange.js';
import { PendingSlot } from './pending-slot.js';

export interface Target {
  readonly hostname: string;
  readonly port: number;
  /** Host and port as the Host header wants them. */
  readonly authority: string;
  /** Path that every request is put under; empty for most. */
  readonly basePath: string;
}

/** Callbacks of http-parser-js; it numbers them so. */
const onHeadersComplete = 2;

/** After a failed attempt the next waits 20 ms, then twice as long each time, up to this. */
const firstBackoffMs = 10;
const longestBackoffMs = 1000;
/** A connection that lay idle this long may have been closed by the server just as we sent: the keep-alive race. */
const idleRaceMs = 1000;

/**
 * Differs from autocannon's client where that one is measurably wrong for our purpose: it connects when there is
 * something to send, one lost answer does not shift the next ones, a lost answer is told, a half-read answer is
 * dropped with its connection, and a server that is away is not stormed with connection attempts.
 *
 * The parent's constructor already calls `_connect`, before a subclass could initialise fields: `setUp` does it instead.
 */
export class LrConnection extends Client {
  declare private readonly target: Target;
  declare private readonly settled: (exchange: Exchange) => void;
  declare private readonly pending: PendingSlot;
  declare private current: Exchange | undefined;
  declare private state: 'closed' | 'waiting' | 'connecting' | 'open';
  declare private failures: number;
  declare private nextAttemptAt: number;
  declare private connectStartedAt: number;
  declare private retryTimer: NodeJS.Timeout | undefined;
  declare private idleSince: number;
  declare private answers: number;
  declare private deadline: Deadline;
  declare private lastErrorCode: string | undefined;

  /** A patient one waits longer from attempt to attempt while the server is away; an impatient one tries whenever it is to send. */
  constructor(
    target: Target,
    timeoutMs: number,
    settled: (exchange: Exchange) => void,
    private readonly patience: 'patient' | 'impatient' = 'patient',
  ) {
    super({
      hostname: target.hostname,
      port: target.port,
      timeout: timeoutMs / 1000,
      setupClient: (client) => (client as LrConnection).setUp(target, settled),
    } satisfies ClientOptions);
    // autocannon's own timer would time out a user who thinks, and cannot be paused: cleared once, it never fires again.
    this.timeoutTicker.clear();
    this.deadline = new Deadline(() => this.lose('timeout'));
    this.timeoutTicker = { reschedule: () => undefined, clear: () => this.deadline.stop() };
    this.teachParser();
    this.on(
      'connError',
      (error: NodeJS.ErrnoException) => (this.lastErrorCode = error.code ?? error.message),
    );
    this.on('response', () => this.answered());
  }

  /** Sends the request, over a new connection if need be. One at a time. */
  send(exchange: Exchange): void {
    this.current = exchange;
    exchange.start(performance.now());
    this.deadline.set(exchange.startedAt, this.timeout);
    if (this.state === 'open') this.write(exchange);
    else this.open();
  }

  /** Ends the connection; what is under way is not answered any more. */
  close(): void {
    this.current = undefined;
    if (this.conn) this.discardSocket();
    this.destroyed = true;
    this.deadline.stop();
  }

  /** Whether a request is under way. */
  get busy(): boolean {
    return this.current !== undefined;
  }

  private setUp(target: Target, settled: (exchange: Exchange) => void): void {
    Object.assign(this, { target, settled, pending: new PendingSlot(), state: 'closed', failures: 0 });
    Object.assign(this, { nextAttemptAt: 0, connectStartedAt: 0, idleSince: 0, answers: 0 });
    this.pipelinedRequests = this.pending;
  }

  private teachParser(): void {
    const parser = this.parser;
    const execute = parser.execute.bind(parser);
    parser.execute = (chunk) => {
      const result = execute(chunk);
      if (result instanceof Error) this.lose('malformed');
      return result;
    };
    // A 304 may name the length of the body it leaves out (RFC 9110, 8.6); the parser would wait for it for ever.
    const headComplete = parser[onHeadersComplete] as (head: ResponseHead) => void;
    parser[onHeadersComplete] = (head: ResponseHead) => {
      headComplete(head);
      return head.statusCode === 304 || head.statusCode === 204 || head.statusCode < 200;
    };
  }

  /** The parent sends from here, after each answer and right after connecting; our users decide for themselves. */
  override _doRequest(): void {
    // Nothing: `send` does.
  }

  /** The parent calls this from its constructor, and whenever the connection has gone. */
  override _connect(): void {
    if (this.conn) this.lose(this.reasonOfLoss());
  }

  private reasonOfLoss(): Outcome {
    if (this.state === 'connecting') return this.lastErrorCode === 'ECONNREFUSED' ? 'refused' : 'unreachable';
    if ((this.current?.bytesReceived ?? 0) > 0) return 'truncated';
    return this.lastErrorCode === undefined ? 'closed' : 'reset';
  }

  private open(): void {
    if (this.state !== 'closed') return;
    const waitMs = this.nextAttemptAt - performance.now();
    if (waitMs > 0) {
      this.state = 'waiting';
      this.retryTimer = setTimeout(() => this.connectNow(), waitMs);
    } else {
      this.connectNow();
    }
  }

  private connectNow(): void {
    this.state = 'connecting';
    this.connectStartedAt = performance.now();
    super._connect();
    this.conn.setNoDelay(true);
    this.conn.once('connect', () => this.connected());
  }

  private connected(): void {
    this.state = 'open';
    this.answers = 0;
    const exchange = this.current;
    this.idleSince = performance.now();
    if (!exchange) return;
    exchange.connectingMs = this.idleSince - this.connectStartedAt;
    this.write(exchange);
  }

  private write(exchange: Exchange): void {
    const { endpoint, path, headers, body } = exchange.step;
    const { authority, basePath } = this.target;
    const trace = exchange.traceparent === undefined ? '' : `traceparent: ${exchange.traceparent}\r\n`;
    let text = `${endpoint.method} ${basePath}${path} HTTP/1.1\r\nHost: ${authority}\r\nAccept: application/json\r\n${trace}${headers}`;
    if (body === undefined) text += '\r\n';
    else
      text += `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    exchange.bytesSent = body === undefined ? text.length : Buffer.byteLength(text);
    this.pending.insertRequest(exchange);
    this.reqsMade++;
    exchange.sentAt = performance.now();
    // Latin 1 for the all-ASCII common case: it is written without a copy. A body may be more than ASCII.
    this.conn.write(text, body === undefined ? 'latin1' : 'utf8');
    exchange.flushedAt = performance.now();
  }

  private answered(): void {
    const exchange = this.pending.completed;
    if (!exchange) return;
    this.failures = 0;
    this.answers++;
    if (this.pending.closing) this.discardSocket();
    this.settle('answered');
  }

  /** The connection is no good any more; whoever waits on it is told, or sent again where that is safe. */
  private lose(reason: Outcome): void {
    const exchange = this.current;
    const raced = exchange !== undefined && this.isKeepAliveRace(exchange, reason);
    this.lastErrorCode = undefined;
    this.discardSocket();
    if (!exchange) return;
    if (raced) {
      exchange.resent = true;
      exchange.dropAnswer();
      this.open();
      return;
    }
    // A slow answer says nothing against connecting again at once; a lost one does.
    if (reason !== 'timeout') this.failures++;
    this.nextAttemptAt = performance.now() + this.backoffMs();
    this.settle(reason);
  }

  private backoffMs(): number {
    return this.failures === 0 || this.patience === 'impatient'
      ? 0
      : Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(this.failures, 10));
  }

  /** A server closes an idle connection while our request is on its way: no fault of either; any client sends a GET again. */
  private isKeepAliveRace(exchange: Exchange, reason: Outcome): boolean {
    return (
      (reason === 'reset' || reason === 'closed') &&
      this.answers > 0 &&
      !exchange.resent &&
      exchange.step.endpoint.method === 'GET' &&
      exchange.sentAt - this.idleSince >= idleRaceMs
    );
  }

  private discardSocket(): void {
    this.state = 'closed';
    clearTimeout(this.retryTimer);
    this.pending.clear();
    this.conn.removeAllListeners();
    this.conn.on('error', () => undefined);
    this.conn.destroy();
    this.parser.reinitialize('RESPONSE');
  }

  private settle(outcome: Outcome): void {
    const exchange = this.current;
    if (!exchange) return;
    this.current = undefined;
    this.deadline.lift();
    const now = performance.now();
    this.idleSince = now;
    exchange.end(outcome, now);
    this.settled(exchange);
  }
}
