/** A request as it goes over the wire, and the answer that is right for it. */
export interface Exchange {
  readonly request: Uint8Array;
  readonly status: number;
  /** Every answer must have exactly these bytes; undefined: any body that is complete. */
  readonly body?: Uint8Array;
}

export interface RequestParts {
  readonly method?: string;
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The bytes of a request to a server on this machine. */
export function requestBytes({ method = 'GET', target, headers = {}, body }: RequestParts): Uint8Array {
  const all = {
    host: '127.0.0.1',
    ...headers,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
}
