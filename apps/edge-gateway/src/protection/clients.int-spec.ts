import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionLimits } from '@flowchart/platform';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { RawClient } from '../testing/raw-client.js';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

const LIMIT_MS = 20_000;
const HEAD = 'host: x\r\n';

describe('clients that take their time', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let dribbling: NodeJS.Timeout | undefined;

  beforeEach(async () => {
    origin = await TestOrigin.start();
  });
  afterEach(async () => {
    clearInterval(dribbling);
    await edge.stop();
    await origin.kill();
  });

  const start = async (limits: Partial<ConnectionLimits>) => {
    edge = await startEdge(origin, await testRedisUrl(), {}, { checkEveryMs: 50, ...limits });
  };
  const connections = () => {
    const server = edge.app.getHttpServer();
    return promisify(server.getConnections.bind(server))();
  };
  const becomesClosed = (client: RawClient) => eventually(() => client.isClosed, LIMIT_MS);
  const othersAreServed = async () =>
    expect((await edge.fetch('/actuator/health/liveness', { headers: { connection: 'close' } })).status).toBe(
      200,
    );
  /** A byte now and then, so that the connection is never idle. */
  const dribble = (client: RawClient, bytes: string) => {
    dribbling = setInterval(() => void (client.isClosed || client.send(bytes)), 20);
  };

  const half = {
    headers: `GET /courses HTTP/1.1\r\n${HEAD}x-a: `,
    body: `POST /auth/login HTTP/1.1\r\n${HEAD}content-type: application/json\r\ncontent-length: 50000\r\n\r\n{"username":"`,
  };

  it.each(['headers', 'body'] as const)(
    'are answered 408 when they stop in the middle of the %s',
    async (part) => {
      await start({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
      const client = new RawClient(edge.url).send(half[part]);
      await othersAreServed();
      await becomesClosed(client);
      expect(client.status).toBe(408);
    },
  );

  it.each(['headers', 'body'] as const)('are cut off when they dribble their %s', async (part) => {
    await start({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const client = new RawClient(edge.url).send(half[part]);
    dribble(client, 'a');
    await othersAreServed();
    await becomesClosed(client);
    await eventually(async () => (await connections()) === 0, LIMIT_MS);
  });

  it('are disconnected when they say nothing at all, and leave nothing behind', async () => {
    await start({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
    const clients = Array.from({ length: 50 }, () => new RawClient(edge.url));
    await eventually(async () => (await connections()) >= 50, LIMIT_MS);
    await othersAreServed();
    await Promise.all(clients.map(becomesClosed));
    await eventually(async () => (await connections()) === 0, LIMIT_MS);
  });

  it('are disconnected when they do not take their answers', async () => {
    await start({ stalledTimeoutMs: 500 });
    origin.on('GET /courses?limit=20', { body: { items: 'x'.repeat(1_000_000) } });
    await edge.fetch('/courses', { headers: { connection: 'close' } }).then((answer) => answer.text());
    const before = await connections();
    const client = new RawClient(edge.url).stopReading();
    client.send(`GET /courses HTTP/1.1\r\n${HEAD}\r\n`.repeat(30));
    await eventually(async () => (await connections()) > before, LIMIT_MS);
    await othersAreServed();
    await eventually(async () => (await connections()) === before, LIMIT_MS);
    client.destroy();
  });

  it('are not let in beyond the number that there may be, until others leave', async () => {
    await start({ maxConnections: 2 });
    const first = new RawClient(edge.url);
    const second = new RawClient(edge.url);
    await eventually(async () => (await connections()) === 2, LIMIT_MS);
    const third = new RawClient(edge.url).send(`GET /nothing HTTP/1.1\r\n${HEAD}\r\n`);
    await becomesClosed(third);
    expect(third.received).toBe('');
    first.destroy();
    await eventually(async () => (await connections()) === 1, LIMIT_MS);
    await othersAreServed();
    second.destroy();
  });

  it('are told to connect anew after so many requests, where that is wanted', async () => {
    await start({ maxRequestsPerConnection: 2 });
    const client = new RawClient(edge.url).send(`GET /actuator/health/liveness HTTP/1.1\r\n${HEAD}\r\n`);
    await eventually(() => client.received.includes('UP'), LIMIT_MS);
    expect(client.received.toLowerCase()).toContain('connection: keep-alive');
    client.send(`GET /actuator/health/liveness HTTP/1.1\r\n${HEAD}\r\n`);
    await eventually(() => client.received.toLowerCase().includes('connection: close'), LIMIT_MS);
    client.destroy();
  });
});

describe('clients that send too much', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeEach(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl());
  });
  afterEach(async () => {
    await edge.stop();
    await origin.kill();
  });

  /** The answer may come before all is sent, and what is sent after it would break the connection. */
  const statusOf = async (request: string): Promise<number> => {
    const client = new RawClient(edge.url).send(request);
    await eventually(() => client.status > 0, LIMIT_MS);
    client.destroy();
    return client.status;
  };
  const login = (headers: string, body: string) =>
    statusOf(`POST /auth/login HTTP/1.1\r\n${HEAD}content-type: application/json\r\n${headers}\r\n${body}`);
  const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;

  it('in headers are answered 431', async () => {
    expect(await statusOf(`GET /courses HTTP/1.1\r\n${HEAD}x-a: ${'a'.repeat(16_500)}`)).toBe(431);
    const many = Array.from({ length: 101 }, (_, index) => `x-${index}: a\r\n`).join('');
    expect(await statusOf(`GET /nothing HTTP/1.1\r\n${HEAD}${many}\r\n`)).toBe(431);
  });

  it('in a body are answered 413, however it is announced', async () => {
    expect(await login('content-length: 102401\r\n', '{}')).toBe(413);
    expect(await login('content-length: 9999999999\r\n', '{}')).toBe(413);
    expect(await login('transfer-encoding: chunked\r\n', chunk(60_000) + chunk(42_401))).toBe(413);
  });

  it('after a body that was announced shorter are answered for that, and what follows is no request', async () => {
    const client = new RawClient(edge.url).end(
      `POST /auth/login HTTP/1.1\r\n${HEAD}content-type: application/json\r\ncontent-length: 2\r\n\r\n{}{"more":1}`,
    );
    await client.closed;
    expect(new Set(client.received.match(/^HTTP\/1\.1 \d{3}/gm))).toEqual(new Set(['HTTP/1.1 400']));
  });
});
