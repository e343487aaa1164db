import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP way to a real server through which nothing flows for a while: how one that hangs looks from a client's side. */
export class Stopcock {
  private readonly flows = new Map<Socket, Socket>();
  private readonly server: Server;
  private closed = false;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.server = createServer((client) => {
      const server = connect(target);
      this.connect(client, server);
      this.connect(server, client);
    });
  }

  static async to(url: string): Promise<Stopcock> {
    const { hostname, port } = new URL(url);
    const stopcock = new Stopcock({ host: hostname, port: Number(port) });
    await once(stopcock.server.listen(0, '127.0.0.1'), 'listening');
    return stopcock;
  }

  /** `url` with this in front. */
  in(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return through.href;
  }

  close(): void {
    this.closed = true;
    for (const [from, to] of this.flows) from.unpipe(to);
  }

  open(): void {
    this.closed = false;
    for (const [from, to] of this.flows) from.pipe(to);
  }

  remove(): void {
    this.server.close();
    for (const socket of this.flows.keys()) socket.destroy();
  }

  private connect(from: Socket, to: Socket): void {
    this.flows.set(from, to);
    if (!this.closed) from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.flows.delete(from);
      to.destroy();
    });
  }
}
