/** Starts a server module in a process of its own, and learns where it listens. */
import { ChildModule } from '../child-module.js';
import type { Pinning } from '../measure/pinning.js';

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export const serverModules = {
  'node:http': new URL('./bare-http.js', import.meta.url),
  fastify: new URL('./bare-fastify.js', import.meta.url),
  'typical stack': new URL('./typical-stack/main.js', import.meta.url),
  'fastify with pg': new URL('./bare-pg.js', import.meta.url),
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
