/** Lets the command under a stack of our own do harm to its parts: over loopback, to whoever knows the path. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from './processes.js';
import type { RunningStack } from './running-stack.js';

export interface StackControl {
  readonly url: string;
  /** Thaws what is still frozen: a frozen process does not hear that it shall stop. */
  close(): void;
}

/** GET tells the names of the parts; POST { part, action } answers when kill, freeze, thaw or restart is done. */
export async function controlStack(stack: RunningStack): Promise<StackControl> {
  const path = `/${randomBytes(24).toString('hex')}`;
  const names = stack.parts.map(({ name }) => name);
  const frozen = new Map<string, readonly number[]>();
  const thaw = (name: string): void => {
    for (const pid of frozen.get(name) ?? []) signalTo(pid, 'SIGCONT');
    frozen.delete(name);
  };
  const actions: Readonly<Record<string, (name: string) => Promise<void> | void>> = {
    kill: (name) => stack.kill(name, 'SIGKILL'),
    restart: (name) => (thaw(name), stack.restart(name)),
    thaw,
    freeze: (name) => {
      const pid = stack.parts.find((part) => part.name === name)?.process.pid;
      if (pid === undefined) throw new Error(`${name} does not run`);
      // The parent first, so that it has no further children while they are listed.
      signalTo(pid, 'SIGSTOP');
      frozen.set(name, [pid]);
      const children = descendantsOf(pid);
      frozen.set(name, [pid, ...children]);
      for (const child of children) signalTo(child, 'SIGSTOP');
    },
  };
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    if (request.url !== path) return [404, {}];
    if (request.method === 'GET') return [200, { parts: names }];
    const chunks = (await request.toArray()) as Buffer[];
    const order = JSON.parse(Buffer.concat(chunks).toString()) as { part: string; action: string };
    const act = Object.hasOwn(actions, order.action) ? actions[order.action] : undefined;
    if (!act || !names.includes(order.part)) return [400, { error: 'no such part or action' }];
    await act(order.part);
    return [200, {}];
  };
  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown): [number, unknown] => [500, { error: String(error) }])
      .then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () => {
      for (const name of [...frozen.keys()]) thaw(name);
      server.close();
      server.closeAllConnections();
    },
  };
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Backends of PostgreSQL are children in groups of their own. */
function descendantsOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}
