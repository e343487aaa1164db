/** Connections that stay open and hardly ever ask for anything, held in a process of its own. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { answerParent } from '../child-module.js';
import { AnswerReader } from './answer-reader.js';

export interface IdleOrder {
  readonly port: number;
  /** So many are open when this is done. */
  readonly connections: number;
  /** Sent on each of them now, as every connection that is kept alive has been used. */
  readonly request: Uint8Array;
}

/** Side by side; more would overflow the server's backlog. */
const BATCH = 250;
/** Of the loopback network: one address has ports for 28 000 connections, and servers may count them by address. */
const SOURCE_ADDRESSES = 20;

const held: Socket[] = [];

/** Opens what is missing, uses each connection once, and tells how many got their answer. */
answerParent(async ({ port, connections, request }: IdleOrder): Promise<number> => {
  let answered = 0;
  for (let first = 0; first < connections; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, connections - first) }, (_, index) => first + index);
    const done = await Promise.all(batch.map((index) => use(index, port, request)));
    answered += done.filter((right) => right).length;
  }
  return answered;
});

async function use(index: number, port: number, request: Uint8Array): Promise<boolean> {
  const socket = (held[index] ??= await open(port, `127.0.0.${2 + (index % SOURCE_ADDRESSES)}`));
  if (socket.destroyed) return false;
  const reader = new AnswerReader();
  socket.write(request);
  for (;;) {
    const [chunk] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
    if (!Buffer.isBuffer(chunk)) return false;
    const answer = reader.take(chunk);
    if (answer !== undefined) return answer.status === 200;
  }
}

async function open(port: number, localAddress: string): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port, localAddress });
  await once(socket, 'connect');
  // A reset is a closed connection like any other: `use` tells it by its state.
  socket.on('error', () => socket.destroy());
  return socket;
}
