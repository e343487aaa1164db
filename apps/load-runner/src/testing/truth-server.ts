// A server whose service times are known exactly, and which can misbehave on command: the generator's figures are held to it.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly body: string;
  /** Counted over all connections, from 0. */
  readonly index: number;
  readonly socket: Socket;
  /** To be called by a behaviour that writes to the socket or closes it itself, before the last byte. */
  readonly answered: () => void;
}

/** What the server does with a request; the default answers at once. */
export type Behaviour = (request: Request, answer: (body?: string, options?: AnswerOptions) => void) => void;

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: string;
}

export const answerText = (body: string, { status = 200, headers = '' }: AnswerOptions = {}): string =>
  `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** By the clock of this process: `performance.now()`. */
export interface Served {
  readonly receivedAt: number;
  /** NaN as long as it was not answered, and for ever when its connection was closed instead. */
  answeredAt: number;
}

export class TruthServer {
  requests = 0;
  /** What the server knows of each request, in the order they came. */
  readonly served: Served[] = [];
  private readonly unanswered = new Set<Served>();
  connections = 0;
  readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;

  constructor(private behave: Behaviour = (_request, answer) => answer()) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Requests for which an answer is still awaited. */
  get awaited(): number {
    return this.unanswered.size;
  }

  behaveLike(behaviour: Behaviour): void {
    this.behave = behaviour;
  }

  async listen(port = 0): Promise<this> {
    const server = createServer((socket) => this.serve(socket));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Stops listening and resets every connection, as a killed process does. */
  async kill(): Promise<void> {
    this.unanswered.clear();
    for (const socket of this.sockets) socket.resetAndDestroy();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    this.server = undefined;
  }

  private serve(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      received = this.takeRequests(received, socket);
    });
  }

  private takeRequests(received: string, socket: Socket): string {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return received;
    const head = received.slice(0, end);
    const bodyLength = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + bodyLength) return received;
    const body = received.slice(end + 4, end + 4 + bodyLength);
    const [requestLine = '', ...headers] = head.split('\r\n');
    const [method = '', path = ''] = requestLine.split(' ');
    const served: Served = { receivedAt: performance.now(), answeredAt: NaN };
    this.served.push(served);
    this.unanswered.add(served);
    socket.once('close', () => this.unanswered.delete(served));
    const answered = (): void => {
      served.answeredAt = performance.now();
      this.unanswered.delete(served);
    };
    const index = this.requests++;
    const request = { method, path, headers: headers.join('\r\n'), body, index, socket, answered };
    this.behave(request, (text = '{}', options = {}) => {
      if (socket.destroyed) return;
      answered();
      socket.write(answerText(text, options));
    });
    return this.takeRequests(received.slice(end + 4 + bodyLength), socket);
  }
}

/** Answers so long after the request, by a timer good to about a millisecond. */
export const after =
  (delayMs: (request: Request) => number): Behaviour =>
  (request, answer) => {
    setTimeout(() => answer(), delayMs(request));
  };

/**
 * Draws by the inverse of a distribution function, from evenly spread probabilities in a mixed order: a sample whose
 * percentiles are the distribution's own, so that even a short run can be held against them.
 */
export function evenly(
  count: number,
  quantile: (probability: number) => number,
): (request: Request) => number {
  // Coprime to any count that is not a multiple of it: every probability is drawn once.
  const stride = 7919;
  return ({ index }) => quantile((((index * stride) % count) + 0.5) / count);
}
