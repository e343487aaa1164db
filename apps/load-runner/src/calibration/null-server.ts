// A server that costs next to nothing: one fixed answer for each request, so that what is measured against it is the client alone.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const course = {
  id: '6f1cdb86-58f0-4a70-9d3c-3a3f0f4b1c11',
  code: 'CAL101',
  title: 'Calibration',
  department: 'Metrology',
  level: 'GRADUATE',
  credits: 3,
  description:
    'How much a load generator can do when nothing holds it up, and how it knows that something does.',
  terms: ['FALL', 'SPRING'],
  prerequisites: [],
  version: 1,
};
const degree = {
  id: '0d0c9f4e-6a3b-4a94-8a2d-6b3df0a5c0de',
  code: 'CAL',
  name: 'Calibration',
  level: 'GRADUATE',
  department: 'Metrology',
  totalCredits: 30,
  version: 1,
};
const page = { limit: 100, total: 1, next: null };

/** Everything that a browsing user looks for in any of its answers is in this one: the engine does all of its own work. */
const courseAnswer = answer({ items: [course], page, requires: [] });
const degreeAnswer = answer({ items: [degree], page });

const endOfHead = Buffer.from('\r\n\r\n');
/** Where a path differs in `GET /courses` and `GET /degrees`. */
const pathLetterAt = 'GET /'.length;
const letterD = 'd'.charCodeAt(0);

/**
 * Knows two kinds of path, and of HTTP only where a request ends. A client must send a request without a body and wait for
 * its answer before it sends the next one, as both our engine and autocannon do.
 */
export class NullServer {
  answered = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer({ noDelay: true }, (socket) => this.serve(socket));

  /** Resolves with the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', 4096, resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let begun: Buffer | undefined;
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      const request = begun ? Buffer.concat([begun, chunk]) : chunk;
      const whole = request.compare(endOfHead, 0, 4, request.length - 4) === 0;
      begun = whole ? undefined : request;
      if (!whole) return;
      this.answered++;
      socket.write(request[pathLetterAt] === letterD ? degreeAnswer : courseAnswer);
    });
  }
}

function answer(content: object): Buffer {
  const body = JSON.stringify(content);
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: "calibration"\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}
