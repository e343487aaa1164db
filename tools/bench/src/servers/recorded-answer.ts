/** An answer as a server gave it, to be given again by servers that have nothing else to do. */
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';

export interface RecordedAnswer {
  /** Path and query it was given for. */
  readonly target: string;
  readonly status: number;
  /** In their order and spelling, name after name and value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** Every server writes these for itself. */
const connectionHeaders = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);

export async function recordAnswer(
  port: number,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RecordedAnswer> {
  const sent = request({ host: '127.0.0.1', port, path: target, headers, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await buffer(answer);
  return {
    target,
    status: answer.statusCode as number,
    headers: pairs(answer.rawHeaders).filter(([name]) => !connectionHeaders.has(name.toLowerCase())),
    body,
  };
}

export const headerOf = ({ headers }: RecordedAnswer, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

function pairs(rawHeaders: readonly string[]): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] as string,
    rawHeaders[2 * index + 1] as string,
  ]);
}
