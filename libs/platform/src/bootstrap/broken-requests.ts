/** Answers to what never becomes a request: no HTTP, or too much of it, or too slowly. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemContentType } from '@flowchart/contracts';
import { newRequestId } from './request-id.js';
import { securityHeaders } from './security-headers.js';

interface Refusal {
  readonly status: number;
  readonly detail: string;
}

const malformed: Refusal = { status: 400, detail: 'This is not a valid HTTP request.' };

/** By the codes of Node's parser and its timeouts. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The extensions of a chunk are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request took too long to arrive.' },
};

/** Tells the client what was wrong, as far as it still listens, and closes the connection. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable && !isAnswering(socket)) {
    socket.write(refusal(refusals[error.code ?? ''] ?? malformed));
  }
  socket.destroy(error);
}

/** A second answer in the middle of the first would be read as a part of it. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function refusal({ status, detail }: Refusal): string {
  const requestId = newRequestId();
  const title = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, requestId });
  const headers = {
    ...securityHeaders,
    'cache-control': 'no-store',
    'content-type': problemContentType,
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`;
}
