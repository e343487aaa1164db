import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { after, answerText, TruthServer } from '../testing/truth-server.js';
import { Caller, sleep, step } from '../testing/settled.js';
import { endpoint } from '../users/endpoint.js';
import type { Exchange } from './exchange.js';

const durationMs = (exchange: Exchange) => exchange.endedAt - exchange.sentAt;

describe('LrConnection', () => {
  let server: TruthServer;
  const callers: Caller[] = [];
  const caller = (timeoutMs?: number) => {
    const made = new Caller(server.port, timeoutMs);
    callers.push(made);
    return made;
  };

  beforeEach(async () => {
    server = await new TruthServer().listen();
  });
  afterEach(async () => {
    for (const one of callers.splice(0)) one.connection.close();
    await server.kill();
  });

  it('opens no connection before there is something to send', async () => {
    caller();
    await sleep(20);
    expect(server.connections).toBe(0);
  });

  it('tells what a request cost: connecting only once, then waiting for the server', async () => {
    server.behaveLike(after(() => 30));
    const user = caller();
    const first = await user.ask();
    expect(first.outcome).toBe('answered');
    expect(first.connectingMs).toBeGreaterThan(0);
    expect(first.sentAt - first.wantedAt).toBeGreaterThanOrEqual(first.connectingMs);
    const second = await user.ask();
    expect(second.connectingMs).toBe(0);
    expect(durationMs(second)).toBeGreaterThan(28);
    expect(second.firstByteAt - second.flushedAt).toBeGreaterThan(28);
    expect(server.connections).toBe(1);
  });

  it.each([
    ['a reset', (socket: import('node:net').Socket) => socket.resetAndDestroy(), 'reset'],
    ['a close', (socket: import('node:net').Socket) => socket.end(), 'closed'],
    [
      'half an answer',
      (socket: import('node:net').Socket) =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"half'),
      'truncated',
    ],
    [
      'garbage',
      (socket: import('node:net').Socket) => socket.write('220 this is a mail server\r\n'),
      'malformed',
    ],
  ] as const)(
    'tells %s in mid-request, and measures the next answers right',
    async (_name, misbehave, outcome) => {
      server.behaveLike((request, answer) => {
        if (request.index === 1) misbehave(request.socket);
        else setTimeout(() => answer(`{"index":${request.index}}`), 40);
      });
      const user = caller();
      await user.ask();
      expect((await user.ask()).outcome).toBe(outcome);
      const durationsMs: number[] = [];
      for (const index of [2, 3, 4]) {
        const exchange = await user.ask();
        expect(exchange.text()).toBe(`{"index":${index}}`);
        durationsMs.push(durationMs(exchange));
      }
      // Shifted by the lost one, each would be two service times long.
      expect(Math.min(...durationsMs)).toBeGreaterThan(38);
      expect(Math.min(...durationsMs)).toBeLessThan(75);
    },
  );

  it('gives up after the time-out, does not take the late answer for the next one, and goes on', async () => {
    server.behaveLike((request, answer) =>
      setTimeout(() => answer(`{"index":${request.index}}`), request.index === 0 ? 120 : 1),
    );
    const user = caller(60);
    const late = await user.ask();
    expect(late.outcome).toBe('timeout');
    expect(late.endedAt - late.wantedAt).toBeGreaterThan(55);
    await sleep(80);
    expect((await user.ask()).text()).toBe('{"index":1}');
  });

  it('has no time-out while its user thinks', async () => {
    const user = caller(40);
    await user.ask();
    await sleep(120);
    expect((await user.ask()).outcome).toBe('answered');
    expect(server.connections).toBe(1);
  });

  it('counts each refused attempt, waits longer each time, and is there when the server is back', async () => {
    await server.kill();
    const user = caller();
    const from = Date.now();
    const outcomes: string[] = [];
    while (Date.now() - from < 300) outcomes.push((await user.ask()).outcome);
    expect(new Set(outcomes)).toEqual(new Set(['refused']));
    // 0, 20, 60, 140, 300 ms: five, not thousands.
    expect(outcomes.length).toBeLessThanOrEqual(6);
    server = await new TruthServer().listen(server.port);
    const back = await user.ask();
    expect(back.outcome).toBe('answered');
    expect(durationMs(back)).toBeLessThan(200);
  });

  it('sends a GET again when the server closed the idle connection at that moment, but never a write', async () => {
    const closedOnce = new Set<string>();
    server.behaveLike((request, answer) => {
      const { method, socket } = request;
      if (request.index < 2 || closedOnce.has(method)) answer();
      else {
        closedOnce.add(method);
        socket.resetAndDestroy();
      }
    });
    const [reader, writer] = [caller(), caller()];
    await Promise.all([reader.ask(), writer.ask()]);
    await sleep(1050);
    const [read, written] = await Promise.all([
      reader.ask(),
      writer.ask(step({ endpoint: endpoint('savePlan'), path: '/students/me/plan', body: '{}' })),
    ]);
    expect([read.outcome, read.resent]).toEqual(['answered', true]);
    expect([written.outcome, written.resent]).toEqual(['reset', false]);
  });

  it('leaves a connection the server said it will close', async () => {
    server.behaveLike((_request, answer) => answer('{}', { headers: 'Connection: close\r\n' }));
    const user = caller();
    await user.ask();
    expect((await user.ask()).outcome).toBe('answered');
    expect(server.connections).toBe(2);
  });

  it('reads a 304 that names a length but has no body', async () => {
    server.behaveLike((request) =>
      request.socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\nETag: "1"\r\n\r\n'),
    );
    const user = caller(300);
    const exchange = await user.ask(step({ alsoExpected: [304] }));
    expect([exchange.outcome, exchange.status, exchange.expected]).toEqual(['answered', 304, true]);
    expect((await user.ask()).outcome).toBe('answered');
  });

  it('passes over an interim answer', async () => {
    server.behaveLike((request) => {
      request.socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
      setTimeout(() => request.socket.write(answerText('{"real":true}')), 10);
    });
    const exchange = await caller().ask();
    expect([exchange.status, exchange.text()]).toEqual([200, '{"real":true}']);
  });

  it('ignores an answer nobody asked for', async () => {
    const user = caller();
    await user.ask();
    for (const socket of server.sockets)
      socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    await sleep(20);
    const next = await user.ask();
    expect([next.outcome, next.status]).toEqual(['answered', 200]);
  });

  it('puts an answer that drips in byte by byte together, characters of many bytes too', async () => {
    const bytes = Buffer.from(answerText('{"name":"Zoë 漢字"}'));
    server.behaveLike((request) => {
      let sent = 0;
      const drip = setInterval(() => {
        request.socket.write(bytes.subarray(sent, ++sent));
        if (sent === bytes.length) clearInterval(drip);
      }, 1);
    });
    const exchange = await caller().ask();
    expect(exchange.json()).toEqual({ name: 'Zoë 漢字' });
    expect(exchange.bytesReceived).toBe(bytes.length);
    expect(exchange.endedAt - exchange.firstByteAt).toBeGreaterThan(bytes.length * 0.8);
  });

  it('reads a chunked answer', async () => {
    server.behaveLike((request) =>
      request.socket.write(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n',
      ),
    );
    expect((await caller().ask()).json()).toEqual({ a: 1 });
  });

  it('sends method, path, headers and body as the step says', async () => {
    let seen = '';
    server.behaveLike((request, answer) => {
      seen = `${request.method} ${request.path}|${request.headers}|${request.body}`;
      answer();
    });
    const exchange = await caller().ask(
      step({
        endpoint: endpoint('login'),
        path: '/auth/login',
        headers: 'X-A: 1\r\n',
        body: '{"username":"Zoë"}',
      }),
    );
    expect(seen).toContain('POST /auth/login|Host: 127.0.0.1:');
    expect(seen).toContain('X-A: 1');
    expect(Buffer.from(seen.split('|')[2] ?? '', 'latin1').toString('utf8')).toBe('{"username":"Zoë"}');
    expect(exchange.bytesSent).toBeGreaterThan(80);
  });
});
