/** The two questions asked of a Redis server, in its inline protocol: is it ready, and which one is it. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { HOST } from './ports.js';

export interface RedisFacts {
  readonly pid: number;
  readonly dataDir: string;
  /** Not while it still reads its data. */
  readonly ready: boolean;
}

const ANSWER_LIMIT_MS = 2000;

/** Undefined when nobody answers on the port, or not as a Redis server does. */
export async function redisFacts(port: number): Promise<RedisFacts | undefined> {
  const socket = connect({ port, host: HOST });
  const limit = setTimeout(() => socket.destroy(new Error('no answer in time')), ANSWER_LIMIT_MS);
  try {
    socket.write('PING\r\nINFO server\r\nCONFIG GET dir\r\nQUIT\r\n');
    return parseFacts(await text(socket));
  } catch {
    // Refused, reset or too late: for the caller all the same.
    return undefined;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

export function parseFacts(answer: string): RedisFacts | undefined {
  const pid = /^process_id:(\d+)/m.exec(answer)?.[1];
  const dataDir = /^dir\r\n\$\d+\r\n(.*)\r$/m.exec(answer)?.[1];
  if (pid === undefined || dataDir === undefined) return undefined;
  return { pid: Number(pid), dataDir, ready: answer.startsWith('+PONG') };
}
