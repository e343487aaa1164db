/** Starts a server module in a process of its own, and learns where it listens. */
import { ChildModule } from '../child-module.js';
import type { Pinning } from '../measure/pinning.js';

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export const serverModules = {
  'node:http': 'servers/bare-http.js',
  fastify: 'servers/bare-fastify.js',
  'typical stack': 'servers/typical-stack/main.js',
  'fastify with pg': 'servers/bare-pg.js',
} as const;

export type ServerName = keyof typeof serverModules;

export async function startServer(name: ServerName, setup: object, pinning: Pinning): Promise<RunningServer> {
  const child = await ChildModule.start({ module: serverModules[name], name, pinning, side: 'server' });
  try {
    const { port } = await child.ask<{ port: number }>(setup);
    return { port, pid: child.pid, stop: () => child.stop() };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
