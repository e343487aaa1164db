// Types of autocannon 9.0.0 as far as it is used here: the public function, and the private parts that `LrConnection` stands on; connection.contract.spec.ts holds it to them.

declare module 'autocannon' {
  import type Client from 'autocannon/lib/httpClient.js';

  /** Without a rate, always: see `FloodDriver`. */
  export interface FloodRequest {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Milliseconds from one look at the stop sign to the next. */
    sampleInt: number;
    /** Whole seconds. */
    timeout: number;
    headers: Record<string, string>;
    setupClient(client: Client): void;
  }

  export interface Instance {
    stop(): void;
  }

  export type Autocannon = (request: FloodRequest, ended: (error: Error | null) => void) => Instance;
}

declare module 'autocannon/lib/httpClient.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface ResponseHead {
    statusCode: number;
    /** Name, value, name, value… as they came. */
    headers: string[];
    shouldKeepAlive: boolean;
  }

  export interface PendingRequests {
    insertRequest(request: unknown): void;
    addByteCount(count: number): void;
    addBody(data: Buffer): void;
    setHeaders(head: ResponseHead): void;
    size(): number;
    terminateRequest(): { req: unknown; headers: { statusCode: number }; bytes: number; duration: number };
    clear(): void;
    toArray(): unknown[];
  }

  export interface ResponseParser {
    execute(chunk: Buffer): number | Error;
    reinitialize(type: 'RESPONSE'): void;
    [callback: number]: (argument: never) => unknown;
  }

  export interface ClientOptions {
    hostname: string;
    port: number;
    /** Seconds; fractions are fine. */
    timeout: number;
    setupClient(client: Client): void;
  }

  /** Keeps one connection open and sends a request as soon as the one before was answered. */
  export default class Client extends EventEmitter {
    constructor(options: ClientOptions);
    readonly opts: ClientOptions;
    /** Absent until the first `_connect`. */
    conn: Socket;
    parser: ResponseParser;
    pipelinedRequests: PendingRequests;
    timeoutTicker: { reschedule(ms: number): void; clear(): void };
    timeout: number;
    reqsMade: number;
    destroyed: boolean;
    /** The request as it goes over the wire. */
    getRequestBuffer(): Buffer;
    _connect(): void;
    _doRequest(): void;
    _destroyConnection(): void;
    destroy(): void;
  }
}
