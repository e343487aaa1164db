import { afterEach, describe, expect, it } from '@jest/globals';
import { requestBytes } from '../client/exchange.js';
import { FloodClient } from '../client/flood-client.js';
import { floodSample, SERVER } from '../measure/flooded.js';
import { unpinned } from '../measure/pinning.js';
import { recordAnswer, type RecordedAnswer } from './recorded-answer.js';
import { startServer, type RunningServer, type ServerName } from './start-server.js';

const pinning = unpinned('a test');
const target = '/courses?limit=2';
const document = { items: [{ code: 'CS101' }, { code: 'CS102' }], page: { next: null } };
const body = Buffer.from(JSON.stringify(document));
const page: RecordedAnswer = {
  target,
  status: 200,
  headers: [
    ['content-type', 'application/json; charset=utf-8'],
    ['etag', '"7"'],
    ['x-cache', 'L1'],
    ['content-length', String(body.length)],
  ],
  body,
};
const notModified: RecordedAnswer = {
  ...page,
  status: 304,
  headers: [['etag', '"7"']],
  body: Buffer.alloc(0),
};

const bare = ['node:http', 'fastify'] as const;
const setups = { answers: [page, notModified], documents: { [target]: document } };

describe('what the edge is compared with', () => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
  });

  async function started(name: ServerName): Promise<RunningServer> {
    const server = await startServer(name, setups, pinning);
    running.push(server);
    return server;
  }

  it.each(bare)('%s sends the recorded bytes under the recorded headers', async (name) => {
    const answer = await recordAnswer((await started(name)).port, target);
    expect(answer.status).toBe(200);
    expect(Buffer.from(answer.body)).toEqual(body);
    expect(answer.headers.toSorted()).toEqual(page.headers.toSorted());
  });

  it.each(bare)('%s answers 304 to those who have the page, and only to them', async (name) => {
    const { port } = await started(name);
    const statusFor = async (etag: string) =>
      (await recordAnswer(port, target, { 'if-none-match': etag })).status;
    expect(await statusFor('"7"')).toBe(304);
    expect(await statusFor('"8"')).toBe(200);
  });

  it('the typical stack shows the same document, the second time from its cache, and knows 304', async () => {
    const { port } = await started('typical stack');
    const answers = [await recordAnswer(port, target), await recordAnswer(port, target)];
    for (const { body: given } of answers)
      expect(JSON.parse(Buffer.from(given).toString())).toEqual(document);
    const etag = answers[0]?.headers.find(([name]) => name.toLowerCase() === 'etag')?.[1] ?? '';
    expect((await recordAnswer(port, target, { 'if-none-match': etag })).status).toBe(304);
  });

  it('is flooded from another process, and its CPU comes with the count', async () => {
    const { port, pid } = await started('node:http');
    const client = await FloodClient.start(pinning);
    running.push(client);
    const result = await client.run({
      host: '127.0.0.1',
      port,
      connections: 8,
      exchanges: [{ request: requestBytes({ target }), status: 200, body }],
      warmupMs: 50,
      measureMs: 500,
      metered: { [SERVER]: [pid] },
    });
    const sample = floodSample('node:http', result);
    expect(sample['requestsPerSecond']).toBeGreaterThan(0);
    expect(sample['cpuUsPerRequest']).toBeGreaterThan(0);
  });

  it('a flood of wrong answers is no measurement', async () => {
    const { port } = await started('node:http');
    const client = await FloodClient.start(pinning);
    running.push(client);
    const result = await client.run({
      host: '127.0.0.1',
      port,
      connections: 2,
      exchanges: [{ request: requestBytes({ target }), status: 200, body: Buffer.from('something else') }],
      warmupMs: 0,
      measureMs: 100,
      metered: {},
    });
    expect(() => floodSample('node:http', result)).toThrow('answers are wrong');
  });
});
