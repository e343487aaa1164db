/** One keep-alive connection that sends its next request as soon as it has the answer to the last one. */
import { createConnection, type Socket } from 'node:net';
import { AnswerReader, type Answer } from './answer-reader.js';
import type { Exchange } from './exchange.js';

export interface FloodTarget {
  readonly host: string;
  readonly port: number;
  /** Address of this machine to connect from. */
  readonly localAddress?: string;
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
  #sentAtMs = 0;
  #ended = false;

  constructor(
    target: FloodTarget,
    private readonly observer: FloodObserver,
  ) {
    this.#socket = createConnection({ ...target, noDelay: true });
    this.#socket.on('connect', () => this.#send());
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  end(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #send(): void {
    this.#exchange = this.observer.next();
    if (this.#exchange === undefined) return;
    this.#sentAtMs = performance.now();
    this.#socket.write(this.#exchange.request);
  }

  #take(chunk: Buffer): void {
    try {
      const answer = this.#reader.take(chunk);
      if (answer === undefined || this.#exchange === undefined) return;
      this.observer.answered(answer, this.#exchange, performance.now() - this.#sentAtMs);
    } catch (error) {
      return this.#fail(error as Error);
    }
    if (!this.#ended) this.#send();
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.end();
    this.observer.failed(error);
  }
}
