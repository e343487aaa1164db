import { connect, type Socket } from 'node:net';

/** A client that sends what no HTTP library would, as slowly as it likes. */
export class RawClient {
  /** All that was received, byte by byte. */
  received = '';
  /** However the connection ended. */
  readonly closed: Promise<unknown>;
  private readonly socket: Socket;

  constructor(url: string) {
    const { port } = new URL(url);
    this.socket = connect(Number(port), '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (chunk: string) => (this.received += chunk));
    // Being cut off is what these clients are for.
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1] ?? 0);
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes);
    return this;
  }

  /** Reads nothing from now on. */
  stopReading(): this {
    this.socket.pause();
    return this;
  }

  end(bytes: string | Buffer = ''): this {
    this.socket.end(bytes);
    return this;
  }

  destroy(): void {
    this.socket.destroy();
  }
}
