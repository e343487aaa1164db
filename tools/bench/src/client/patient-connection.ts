/** One kept-alive connection that carries a request at a time and whose client hangs up when it has waited enough. */
import { createConnection, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.js';

/** How a request ended: by an answer, by hanging up, or because the server hung up. */
export type Outcome = { readonly status: number } | 'late' | 'lost';

interface Waiting {
  readonly giveUpAtMs: number;
  readonly ended: (outcome: Outcome) => void;
}

export class PatientConnection {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #waiting: Waiting | undefined;

  constructor(
    target: { readonly host: string; readonly port: number },
    private readonly onClose: (connection: PatientConnection) => void,
  ) {
    this.#socket = createConnection({ ...target, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => {
      this.#end('lost');
      this.onClose(this);
    });
  }

  get usable(): boolean {
    return !this.#socket.destroyed && this.#waiting === undefined;
  }

  ask(request: Uint8Array, giveUpAtMs: number, ended: (outcome: Outcome) => void): void {
    this.#waiting = { giveUpAtMs, ended };
    this.#socket.write(request);
  }

  /** HTTP/1.1 has no other way to say that an answer is no longer wanted. */
  hangUpIfLate(nowMs: number): void {
    if (this.#waiting === undefined || nowMs < this.#waiting.giveUpAtMs) return;
    this.#end('late');
    this.#socket.destroy();
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const answer = this.#reader.take(chunk);
    if (answer !== undefined) this.#end({ status: answer.status });
  }

  #end(outcome: Outcome): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.ended(outcome);
  }
}
