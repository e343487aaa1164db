import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { requestBytes } from './exchange.js';
import { flood } from './flood.js';
import type { FloodOrder } from './flood-messages.js';

const body = Buffer.from('the right bytes');
/** Bounded, as nobody stops a grandchild. */
const busyForAWhile = "console.log('up'); const end = Date.now() + 5000; while (Date.now() < end);";
const right: RequestListener = (_request, response) => response.end(body);

describe('flood', () => {
  let server: Server;
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
  });

  async function floodOf(listener: RequestListener, changes: Partial<FloodOrder> = {}) {
    server = createServer(listener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return flood({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      connections: 4,
      exchanges: [{ request: requestBytes({ target: '/' }), status: 200, body }],
      warmupMs: 20,
      measureMs: 200,
      metered: {},
      ...changes,
    });
  }

  async function childRunning(program: string): Promise<number> {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid as number;
  }

  it('counts right answers and their bytes', async () => {
    let served = 0;
    const result = await floodOf((request, response) => {
      served++;
      right(request, response);
    });
    expect(result.wrong).toBe(0);
    expect(result.correct).toBeGreaterThan(0);
    expect(result.correct).toBeLessThanOrEqual(served);
    expect(result.bodyBytes).toBe(result.correct * body.length);
  });

  it.each<[string, RequestListener]>([
    [
      'wrong bytes of the right length',
      (_, response) => response.end(body.toString().replace('right', 'wrong')),
    ],
    ['a wrong length', (_, response) => response.end('the right')],
    ['a wrong status', (_, response) => response.writeHead(203, { 'content-length': body.length }).end(body)],
  ])('does not count %s as correct', async (_, listener) => {
    const { correct, wrong, firstTrouble } = await floodOf(listener);
    expect(correct).toBe(0);
    expect(wrong).toBeGreaterThan(0);
    expect(firstTrouble).toContain('HTTP/1.1');
  });

  it('notices a single wrong answer among right ones', async () => {
    let served = 0;
    const { correct, firstTrouble } = await floodOf((_, response) =>
      response.end(++served === 30 ? 'not this' : body),
    );
    expect(correct).toBeGreaterThan(0);
    expect(firstTrouble).toContain('8 bytes');
  });

  it('fails when a connection is lost', async () => {
    await expect(floodOf((request) => request.socket.destroy())).rejects.toThrow();
  });

  it('sends each of a list once, in turn, and is done then', async () => {
    const seen: string[] = [];
    const targets = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const exchanges = targets.map((target) => ({ request: requestBytes({ target }), status: 200, body }));
    await floodOf(
      (request, response) => {
        seen.push(request.url as string);
        right(request, response);
      },
      { exchanges, once: true, warmupMs: 0, measureMs: 60_000 },
    );
    expect(seen.toSorted()).toEqual(targets.toSorted());
  });

  it('counts the values of a header', async () => {
    const result = await floodOf((_, response) => response.setHeader('X-Cache', 'L2').end(body), {
      tallyHeader: 'x-cache',
    });
    expect(result.tally).toEqual({ L2: result.correct });
  });

  it('sees the CPU of a child that is busy, and next to none of one that sleeps', async () => {
    const busy = await childRunning(busyForAWhile);
    const asleep = await childRunning("console.log('up'); setInterval(() => undefined, 1e6);");
    const { cpuUs } = await floodOf(right, {
      measureMs: 1500,
      metered: { busy: [busy], asleep: [asleep] },
    });
    expect(cpuUs['busy']).toBeGreaterThan(100_000);
    expect(cpuUs['asleep']).toBeLessThan(cpuUs['busy']! / 3);
  });

  it('counts what a metered process has started, too', async () => {
    const parent = await childRunning(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busyForAWhile)}]);
       child.once('spawn', () => console.log('up'));`,
    );
    const { cpuUs } = await floodOf(right, { measureMs: 1000, metered: { parent: [parent] } });
    expect(cpuUs['parent']).toBeGreaterThan(100_000);
  });
});
