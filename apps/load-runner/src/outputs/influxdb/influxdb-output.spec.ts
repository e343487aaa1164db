// What reaches an InfluxDB of a run's system series: all of a long run, although they are handed over at once.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { InfluxdbOutput } from './influxdb-output.js';

it('writes every second of the system, also of a run that is longer than what is kept while a server is away', async () => {
  const written: number[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const body = Buffer.concat(chunks).toString();
      for (const [, second] of body.matchAll(/^system .*cpu=(\d+)/gm)) written.push(Number(second));
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const said: string[] = [];
  const output = new InfluxdbOutput({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/k6`,
    tags: {},
    say: (line) => said.push(line),
  });
  const seconds = Array.from({ length: 1500 }, (_, second) => ({ second, values: { 'edge.cpu': second } }));
  await output.finish();
  await output.system(seconds, new Date());
  server.closeAllConnections();
  server.close();
  expect([said, written]).toEqual([[], seconds.map(({ second }) => second)]);
});
