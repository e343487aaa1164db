import type { Server } from 'node:http';

/** What a client may take of a server before it has said anything sensible. Times in milliseconds. */
export interface ConnectionLimits {
  /** Connections above this are closed as they come. */
  readonly maxConnections: number;
  /** A connection is closed after so many requests, so that its client may find a newer server; 0: never. */
  readonly maxRequestsPerConnection: number;
  /** All headers of a request together. */
  readonly maxHeaderBytes: number;
  /** Until the headers are there, from the first byte or the opening of the connection on. */
  readonly headersTimeoutMs: number;
  /** Until all of the request is there. */
  readonly requestTimeoutMs: number;
  /** How exactly these two are kept. */
  readonly checkEveryMs: number;
  /** A client that takes nothing of its answer for so long is cut off; one that sends nothing, too. */
  readonly stalledTimeoutMs: number;
  /** Between two requests of a connection: longer than a client's think time, or it closes under the next request. */
  readonly keepAliveTimeoutMs: number;
}

export const usualLimits: ConnectionLimits = {
  // 10 000 idle connections take about 145 MB on Node 24 (docs/benchmarks.md).
  maxConnections: 20_000,
  maxRequestsPerConnection: 0,
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 1000,
  stalledTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
};

/** More headers than this are refused: Node leaves out what is beyond its own limit, and nobody would notice. */
export const MAX_HEADERS = 100;

/** The part of the limits that is a property of the server rather than an option. */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.maxConnections = limits.maxConnections;
  server.maxHeadersCount = 2 * MAX_HEADERS;
}
