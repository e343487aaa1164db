import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AssertionSigner } from '../auth/assertion.js';
import { derivedKeys } from '../auth/identity-keys.js';
import { Meters } from '../metrics/meters.js';
import { KeptCopy } from './kept-copy.js';
import { ServiceClient } from './service-client.js';

describe('KeptCopy', () => {
  let server: Server;
  let client: ServiceClient;
  let asked: (string | undefined)[];
  let version: number;
  let parsed: number;

  beforeEach(async () => {
    [asked, version, parsed] = [[], 1, 0];
    server = createServer((request, response) => {
      asked.push(request.headers['if-none-match']);
      const etag = `"${version}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(JSON.stringify({ version }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const signer = new AssertionSigner({ name: 'copier', identityKeys: derivedKeys(['secret']) }, 'origin');
    client = new ServiceClient({
      name: 'origin',
      baseUrl: `http://127.0.0.1:${port}`,
      timeoutMs: 500,
      signer,
      meters: new Meters(),
    });
  });

  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  const copyOf = (freshMs: number) =>
    new KeptCopy({
      client,
      path: '/',
      freshMs,
      parse: (json) => {
        parsed++;
        return (json as { version: number }).version;
      },
    });

  it('asks once for all who want it at the same time', async () => {
    const copy = copyOf(60_000);
    expect(await Promise.all([copy.get(), copy.get(), copy.get()])).toEqual([1, 1, 1]);
    expect(await copy.get()).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('revalidates and parses again only after a change', async () => {
    const copy = copyOf(0);
    expect([await copy.get(), await copy.get()]).toEqual([1, 1]);
    expect(parsed).toBe(1);
    version = 2;
    expect(await copy.get()).toBe(2);
    expect(asked).toEqual([undefined, '"1"', '"1"']);
  });

  it('asks again at once when it is told that the copy may be untrue', async () => {
    const copy = copyOf(60_000);
    await copy.get();
    version = 2;
    copy.expire();
    expect(await copy.get()).toBe(2);
  });

  it('keeps what it has when the owner answers nonsense', async () => {
    const copy = copyOf(0);
    await copy.get();
    server.removeAllListeners('request');
    server.on('request', (_, response) => response.end('{"half":'));
    expect(await copy.get()).toBe(1);
  });

  it('goes on with the last copy while the owner is away', async () => {
    const copy = copyOf(0);
    await copy.get();
    server.closeAllConnections();
    server.close();
    expect(await copy.get()).toBe(1);
  });

  it('fails with 503 when there never was a copy', async () => {
    server.close();
    await expect(copyOf(0).get()).rejects.toMatchObject({ kind: { status: 503 } });
  });
});
