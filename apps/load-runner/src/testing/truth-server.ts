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
}

/** What the server does with a request; the default answers at once. */
export type Behaviour = (request: Request, answer: (body?: string, options?: AnswerOptions) => void) => void;

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: string;
}

export const answerText = (body: string, { status = 200, headers = '' }: AnswerOptions = {}): string =>
  `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

export class TruthServer {
  requests = 0;
  connections = 0;
  readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;

  constructor(private behave: Behaviour = (_request, answer) => answer()) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
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
    const request = { method, path, headers: headers.join('\r\n'), body, index: this.requests++, socket };
    this.behave(request, (text = '{}', options = {}) => {
      if (!socket.destroyed) socket.write(answerText(text, options));
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
