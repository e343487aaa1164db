/** Stands where a service would be, and keeps what the edge sends there: to send the same without the edge. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BenchError } from '../bench-error.js';
import { recordAnswer } from './recorded-answer.js';

export interface RequestTrap {
  readonly url: string;
  /** The headers the edge sends now for a path that it has to ask for; what it signs is good for seconds only. */
  headersFrom(edgePort: number): Promise<Record<string, string>>;
  close(): void;
}

/** They belong to the connection, not to the request. */
const connectionHeaders = new Set(['host', 'connection', 'content-length']);

export async function openRequestTrap(): Promise<RequestTrap> {
  let caught: Record<string, string> | undefined;
  let asked = 0;
  const server = createServer((request, response) => {
    // The probe of readiness is not from the edge's cache.
    if (request.url?.startsWith('/courses')) {
      const sent = Object.entries(request.headers).filter(([name]) => !connectionHeaders.has(name));
      caught = Object.fromEntries(sent.map(([name, value]) => [name, String(value)]));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    headersFrom: async (edgePort) => {
      caught = undefined;
      const { status } = await recordAnswer(edgePort, `/courses?q=trap${asked++}`);
      if (caught === undefined) throw new BenchError(`the edge asked nobody, and answered ${status}`);
      return caught;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
