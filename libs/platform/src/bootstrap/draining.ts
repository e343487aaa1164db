/** How a server lets its clients go without losing a request. */
import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type Server,
  ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const LOOK_EVERY_MS = 50;
/** Who opened a connection just before the server closed gets so long to say what for. */
const SILENT_MS = 1000;

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * Answers that say `Connection: close` once `isDraining`, so that the client opens its next connection elsewhere. It is
 * asked as late as can be, when the head is written: what was under way as draining began is to say it, too.
 */
export function partingResponses(isDraining: () => boolean): typeof ServerResponse {
  return class PartingResponse<R extends IncomingMessage> extends ServerResponse<R> {
    override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
      if (isDraining()) this.shouldKeepAlive = false;
      return super.writeHead(status, reason as string, headers);
    }
  };
}

/**
 * Lets `fastify` close as soon as its last answer is out, and no sooner. Node closes the connections that are idle when
 * it is told to close, and then waits until the others time out: those that become idle later, and, since it takes a new
 * connection for a busy one, those that have never said anything.
 */
export function closeAfterLastAnswer(fastify: FastifyInstance): void {
  const { server } = fastify;
  const open = connectionsOf(server);
  sparingUnsentAnswers(server, open);
  let timer: NodeJS.Timeout | undefined;
  fastify.addHook('preClose', (done) => {
    const silentUntilMs = performance.now() + SILENT_MS;
    timer = setInterval(() => {
      server.closeIdleConnections();
      if (performance.now() < silentUntilMs) return;
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, LOOK_EVERY_MS);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

/**
 * Node takes a connection for idle once its answer was handed over, and cuts off what a slow client has not taken yet.
 * While there is any such client nobody is in the way: the server has to wait for it.
 */
function sparingUnsentAnswers(server: Server, open: Iterable<Socket>): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    if (![...open].some(({ writableLength }) => writableLength > 0)) closeIdle();
  };
}

function connectionsOf(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  // One function for all: there may be ten thousand connections.
  function forget(this: Socket): void {
    open.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', forget);
  });
  return open;
}
