// Holds autocannon 9.0.0 to the private behaviour that LrConnection stands on: a new version is taken only when these pass.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Client, { type ClientOptions, type ResponseHead } from 'autocannon/lib/httpClient.js';
import { TruthServer } from '../testing/truth-server.js';

class Spy extends Client {
  declare log: string[];

  constructor(
    options: Omit<ClientOptions, 'setupClient'>,
    readonly prepare: (client: Client) => void = () => undefined,
  ) {
    super({
      ...options,
      setupClient: (client) => ((client as Spy).log = ['setupClient']) && prepare(client),
    });
  }
  override _connect(): void {
    this.log.push('_connect');
    super._connect();
  }
  override _doRequest(): void {
    this.log.push('_doRequest');
    if (this.reqsMade === 0) super._doRequest();
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('autocannon’s HTTP client', () => {
  let server: TruthServer;
  let client: Client | undefined;
  const options = (timeout = 5) => ({ hostname: '127.0.0.1', port: server.port, timeout });

  beforeEach(async () => {
    server = await new TruthServer().listen();
  });
  afterEach(async () => {
    client?.destroy();
    await server.kill();
  });

  it('is exactly version 9.0.0', () => {
    const file = createRequire(import.meta.url).resolve('autocannon/package.json');
    expect((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version).toBe('9.0.0');
  });

  it('calls setupClient, then _connect, then _doRequest from its constructor', () => {
    const spy = new Spy(options());
    client = spy;
    expect(spy.log).toEqual(['setupClient', '_connect', '_doRequest']);
  });

  it('uses a queue that setupClient put in place of its own, with the calls that PendingSlot answers', async () => {
    const calls: string[] = [];
    const request = { bytes: 0 };
    client = new Spy(options(), (made) => {
      made.pipelinedRequests = {
        insertRequest: () => calls.push('insertRequest'),
        addByteCount: () => calls.push('addByteCount'),
        setHeaders: (head) => calls.push(`setHeaders ${head.statusCode} ${head.shouldKeepAlive}`),
        addBody: (data) => calls.push(`addBody ${data.toString()}`),
        terminateRequest: () => (
          calls.push('terminateRequest'),
          { req: request, headers: { statusCode: 200 }, bytes: 1, duration: 1 }
        ),
        size: () => 0,
        clear: () => calls.push('clear'),
        toArray: () => [],
      };
    });
    await new Promise((resolve) => client?.once('response', resolve));
    expect(calls).toEqual([
      'insertRequest',
      'addByteCount',
      'setHeaders 200 true',
      'addBody {}',
      'terminateRequest',
    ]);
  });

  it('emits response before it asks for the next request', async () => {
    const spy = new Spy(options());
    client = spy;
    spy.on('response', () => spy.log.push('response'));
    await new Promise((resolve) => spy.once('response', resolve));
    await sleep(1);
    expect(spy.log.slice(-2)).toEqual(['response', '_doRequest']);
  });

  it('calls _connect again when the server closes, and after an error, which it tells first', async () => {
    const spy = new Spy(options());
    client = spy;
    spy.on('connError', (error: NodeJS.ErrnoException) => spy.log.push(error.code ?? ''));
    await new Promise((resolve) => spy.once('response', resolve));
    spy.log.length = 0;
    for (const socket of server.sockets) socket.end();
    await sleep(20);
    expect(spy.log[0]).toBe('_connect');
    spy.log.length = 0;
    for (const socket of server.sockets) socket.resetAndDestroy();
    await sleep(20);
    expect(spy.log.slice(0, 2)).toEqual(['ECONNRESET', '_connect']);
  });

  it('starts its timer in the constructor, which cleared once never fires again: ours can take its place', async () => {
    server.behaveLike(() => undefined);
    client = new Spy(options(0.03));
    let fired = false;
    client.on('timeout', () => (fired = true));
    client.timeoutTicker.clear();
    client.timeoutTicker.reschedule(40);
    await sleep(90);
    expect(fired).toBe(false);
  });

  it('has a parser that forgets half an answer when reinitialised', () => {
    const made = new Spy(options());
    client = made;
    const heads: number[] = [];
    made.parser[2] = (head: ResponseHead) => heads.push(head.statusCode) && false;
    made.parser.execute(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    made.parser.reinitialize('RESPONSE');
    made.parser.execute(Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    expect(heads).toEqual([200, 404]);
  });

  it('has a parser that skips the body when the head callback says so, and returns errors instead of throwing', () => {
    const made = new Spy(options());
    client = made;
    const ended: string[] = [];
    made.parser[2] = () => true;
    made.parser[4] = () => ended.push('complete');
    made.parser.execute(Buffer.from('HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n'));
    expect(ended).toEqual(['complete']);
    expect(made.parser.execute(Buffer.from('this is not HTTP\r\n'))).toBeInstanceOf(Error);
  });
});
