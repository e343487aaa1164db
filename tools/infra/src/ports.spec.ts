import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort, PortTakenError, requireFreePort } from './ports.js';

describe('a port', () => {
  it('that another program uses is refused by its number and the variable that moves it', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const refusal = requireFreePort(port, 'POSTGRES_PORT');
    await expect(refusal).rejects.toThrow(
      `Port ${port} is in use by another program. Stop it or set POSTGRES_PORT.`,
    );
    await expect(refusal).rejects.toBeInstanceOf(PortTakenError);
    server.close();
  });

  it('that nobody uses is fine', async () => {
    await expect(requireFreePort(await freePort(), 'REDIS_PORT')).resolves.toBeUndefined();
  });
});
