import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningLoad } from '../engine/run.js';
import { ChaosCompanion } from './chaos.js';

describe('chaos', () => {
  const orders: string[] = [];
  let server: Server;
  let url: string;

  beforeEach(async () => {
    orders.length = 0;
    server = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        if (request.method === 'POST') {
          const { part, action } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Record<
            string,
            string
          >;
          orders.push(`${action} ${part}`);
        }
        response.end(JSON.stringify({ parts: ['redis', 'postgres'] }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const start = () => ({ startAtEpochMs: Date.now() }) as RunningLoad;

  it('is refused on a stack that the runner did not start', async () => {
    await expect(new ChaosCompanion([], undefined).prepare()).rejects.toThrow('stop the one that runs');
  });

  it('names the parts there are when a fault is for another', async () => {
    const chaos = new ChaosCompanion([{ part: 'mysql', action: 'kill', atMs: 0, forMs: 1 }], url);
    await expect(chaos.prepare()).rejects.toThrow('no part mysql; it has redis, postgres');
  });

  it('heals what is frozen when the run is broken off', async () => {
    const chaos = new ChaosCompanion([{ part: 'postgres', action: 'freeze', atMs: 0, forMs: 60_000 }], url);
    chaos.started(start());
    while (orders.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await chaos.close();
    expect(orders).toEqual(['freeze postgres', 'thaw postgres']);
  });

  it('starts again what it has killed, and does nothing more after the end', async () => {
    const faults = [
      { part: 'redis', action: 'kill', atMs: 0, forMs: 60_000 },
      { part: 'postgres', action: 'kill', atMs: 5, forMs: 1 },
    ] as const;
    const chaos = new ChaosCompanion(faults, url);
    chaos.started(start());
    while (orders.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await chaos.close();
    await chaos.close();
    expect(orders).toEqual(['kill redis', 'restart redis']);
  });
});
