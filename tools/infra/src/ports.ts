/** Who listens where on this machine. */
import { createServer, type AddressInfo } from 'node:net';
import { ports, type PortName } from '@flowchart/contracts';
import { InfraError } from './infra-error.js';
import { errorCode } from './processes.js';

export const HOST = '127.0.0.1';

export class PortTakenError extends InfraError {
  constructor(
    readonly port: number,
    readonly variable: string,
  ) {
    super(`Port ${port} is in use by another program. Stop it or set ${variable}.`);
  }
}

/** Throws where a server of ours could not listen on the port; `variable` is what moves it. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') throw new PortTakenError(port, variable);
    if (errorCode(error) !== 'EACCES') throw error;
    throw new InfraError(`Port ${port} may not be used by this user. Set ${variable} to one above 1023.`);
  }
}

/** A port nobody uses at the moment. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Such a port for every address of the system, by its variable: for a stack that disturbs no other. */
export async function freePorts(): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {};
  for (const name of Object.keys(ports) as PortName[])
    chosen[ports[name].variable] = String(await freePort());
  return chosen;
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
