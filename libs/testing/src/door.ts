import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP way to a real server that can be shut and opened again, or be frozen so that connections stay and nothing
 * passes: how outages look from a client's side.
 */
export class Door {
  private readonly sockets = new Map<Socket, Socket>();
  private server: Server | undefined;
  private port = 0;
  private frozen = false;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  static async to(url: string): Promise<Door> {
    const { hostname, port } = new URL(url);
    const door = new Door({ host: hostname, port: Number(port) });
    await door.open();
    return door;
  }

  /** `url` with this door in front. */
  in(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${this.port}`;
    return through.href;
  }

  async open(): Promise<void> {
    this.server = createServer((client) => {
      const server = connect(this.target);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.sockets.set(from, to);
        if (!this.frozen) from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      }
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  freeze(): void {
    this.frozen = true;
    for (const [from, to] of this.sockets) from.unpipe(to).pause();
  }

  thaw(): void {
    this.frozen = false;
    for (const [from, to] of this.sockets) from.pipe(to);
  }

  async shut(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets.keys()) socket.destroy();
    await closed;
  }
}
