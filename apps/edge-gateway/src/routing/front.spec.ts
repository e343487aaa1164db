import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FrontAnswer, putInFront } from './front.js';

describe('what is put in front of a server', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer((_request, response) => response.end('behind'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    server.close();
  });

  const ask = async (): Promise<string> => {
    const { port } = server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  };
  const inFront: FrontAnswer = (_request, response) => {
    response.end('in front');
    return true;
  };

  it('answers before the server does', async () => {
    putInFront(server, [inFront]);
    expect(await ask()).toBe('in front');
  });

  it('asks one after the other until one answers', async () => {
    const never: FrontAnswer = () => {
      throw new Error('asked although the one before has answered');
    };
    putInFront(server, [() => false, inFront, never]);
    expect(await ask()).toBe('in front');
  });

  it('leaves to the server what it does not answer', async () => {
    putInFront(server, [() => false]);
    expect(await ask()).toBe('behind');
  });

  it('leaves to the server what it fails at, and ends no process by it', async () => {
    const broken: FrontAnswer = () => {
      throw new Error('broken');
    };
    putInFront(server, [broken]);
    expect(await ask()).toBe('behind');
  });

  it('breaks the connection off when it fails in the middle of an answer', async () => {
    const half: FrontAnswer = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      throw new Error('broken');
    };
    putInFront(server, [half]);
    await expect(ask()).rejects.toThrow();
  });
});
