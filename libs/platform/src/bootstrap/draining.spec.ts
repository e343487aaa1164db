import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { createService } from './service.js';

/** Far below the keep-alive time-out of 65 s, far above what a busy machine needs. */
const SOON_MS = 15_000;
/** More than the sockets between two processes take in. */
const LARGE_BYTES = 20_000_000;

/** Answers that are out when the test says so. */
class Held {
  underWay = 0;
  release: () => void = () => undefined;
  readonly released = new Promise<void>((resolve) => (this.release = resolve));
}
let held = new Held();

@Controller()
class SlowController {
  @Get('slow')
  async slow() {
    held.underWay++;
    await held.released;
    return { slow: true };
  }

  @Get('hijacked')
  async hijacked(@Res() reply: FastifyReply) {
    held.underWay++;
    await held.released;
    reply.hijack();
    reply.raw.writeHead(200, ['content-length', '2']).end('ok');
  }

  @Get('begun')
  async begun(@Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-length': '8' }).write('half');
    held.underWay++;
    await held.released;
    reply.raw.end('half');
  }

  @Get('large')
  large(@Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-length': LARGE_BYTES }).end(Buffer.alloc(LARGE_BYTES));
    held.underWay++;
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

class Client {
  received = '';
  readonly closed: Promise<unknown>;
  private readonly socket: Socket;

  constructor(app: NestFastifyApplication) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    this.socket = connect(port, '127.0.0.1');
    this.closed = once(this.socket, 'close');
    this.socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
  }

  get(path: string): this {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
    return this;
  }

  get isConnected(): boolean {
    return this.socket.readyState === 'open';
  }

  pause = () => this.socket.pause();
  resume = () => this.socket.resume();
  destroy = () => this.socket.destroy();
}

describe('a service that shuts down', () => {
  let app: NestFastifyApplication;
  const clients: Client[] = [];

  beforeEach(async () => {
    held = new Held();
    app = await createService(SlowModule, {
      name: 'slow',
      version: '1.2.3',
      revision: 'abc123',
      port: 0,
      host: '127.0.0.1',
      portVariable: 'SLOW_PORT',
      logLevel: 'silent',
      shutdownDelayMs: 0,
      identityKeys: () => [],
      isPublic: true,
    });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(async () => {
    held.release();
    for (const client of clients.splice(0)) client.destroy();
    await app.close();
  });

  function client(): Client {
    const made = new Client(app);
    clients.push(made);
    return made;
  }

  async function eventually(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(5);
  }

  /** Begins to close; what it resolves with tells whether that has ended. */
  async function close(): Promise<() => Promise<string>> {
    const closed = app.close().then(() => 'closed');
    await eventually(() => !app.getHttpServer().listening);
    return () => Promise.race([closed, sleep(SOON_MS, 'still open', { ref: false })]);
  }

  it.each(['/slow', '/hijacked'])(
    'sends a client away with the answer that it waits for, %s',
    async (path) => {
      const busy = [client().get(path), client().get(path), client().get(path)];
      await eventually(() => held.underWay === busy.length);
      const closed = await close();
      held.release();
      expect(await closed()).toBe('closed');
      for (const one of busy) {
        await one.closed;
        expect(one.received).toMatch(/^HTTP\/1\.1 200 /);
        expect(one.received).toMatch(/^connection: close\r$/im);
      }
    },
    30_000,
  );

  it('closes the connection whose answer had begun before, once that is out', async () => {
    const busy = client().get('/begun');
    await eventually(() => busy.received.endsWith('half'));
    const closed = await close();
    held.release();
    expect(await closed()).toBe('closed');
    await busy.closed;
    expect(busy.received).toMatch(/halfhalf$/);
  }, 30_000);

  it('waits for a client that takes its answer slowly', async () => {
    const slow = client().get('/large');
    slow.pause();
    await eventually(() => held.underWay === 1);
    const closed = await close();
    slow.resume();
    expect(await closed()).toBe('closed');
    await slow.closed;
    expect(slow.received.length).toBeGreaterThan(LARGE_BYTES);
  }, 30_000);

  it('answers who has connected before and asks after, and does not wait for who says nothing', async () => {
    const [busy, late, silent] = [client().get('/slow'), client(), client()];
    await eventually(() => held.underWay === 1 && late.isConnected && silent.isConnected);
    const closed = await close();
    late.get('/actuator/info');
    await late.closed;
    expect(late.received).toMatch(/^HTTP\/1\.1 200 /);
    held.release();
    expect(await closed()).toBe('closed');
    await busy.closed;
    expect([busy.received.slice(0, 12), silent.received]).toEqual(['HTTP/1.1 200', '']);
  }, 30_000);
});
