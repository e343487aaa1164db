/** One keep-alive connection that sends its next request when it has the answer to the last one, or later if it has a pace. */
import { createConnection, type Socket } from 'node:net';
import { AnswerReader, type Answer } from './answer-reader.js';
import type { Exchange } from './exchange.js';

export interface FloodTarget {
  readonly host: string;
  readonly port: number;
  /** Address of this machine to connect from. */
  readonly localAddress?: string;
}

export interface Pace {
  readonly firstAfterMs: number;
  readonly intervalMs: number;
}

/** What a connection tells of itself. */
export interface FloodObserver {
  /** Undefined when there is nothing more to send. */
  next(): Exchange | undefined;
  answered(answer: Answer, exchange: Exchange, latencyMs: number): void;
  failed(error: Error): void;
}

export class FloodConnection {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #exchange: Exchange | undefined;
  /** When the request was sent, or should have been. */
  #dueAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    target: FloodTarget,
    private readonly observer: FloodObserver,
    private readonly pace?: Pace,
  ) {
    this.#socket = createConnection({ ...target, noDelay: true });
    this.#socket.on('connect', () => this.#begin());
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
  }

  #begin(): void {
    if (this.pace === undefined) return this.#send(performance.now());
    this.#sendAt(performance.now() + this.pace.firstAfterMs);
  }

  #goOn(): void {
    if (this.pace === undefined) this.#send(performance.now());
    else this.#sendAt(this.#dueAtMs + this.pace.intervalMs);
  }

  #sendAt(dueAtMs: number): void {
    const waitMs = dueAtMs - performance.now();
    if (waitMs <= 0) this.#send(dueAtMs);
    else this.#timer = setTimeout(() => this.#send(performance.now()), waitMs);
  }

  #send(dueAtMs: number): void {
    this.#exchange = this.observer.next();
    if (this.#exchange === undefined) return;
    this.#dueAtMs = dueAtMs;
    this.#socket.write(this.#exchange.request);
  }

  #take(chunk: Buffer): void {
    try {
      const answer = this.#reader.take(chunk);
      if (answer === undefined || this.#exchange === undefined) return;
      this.observer.answered(answer, this.#exchange, performance.now() - this.#dueAtMs);
    } catch (error) {
      return this.#fail(error as Error);
    }
    if (!this.#ended) this.#goOn();
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.end();
    this.observer.failed(error);
  }
}
