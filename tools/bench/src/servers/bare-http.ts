/** The floor: `node:http` and nothing else, sending recorded bytes under recorded headers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../child-module.js';
import type { RecordedAnswer } from './recorded-answer.js';
import { KEEP_ALIVE_MS, replayedPages, type ReplaySetup } from './replayed.js';

const ready = ({ status, headers, body }: RecordedAnswer) => ({
  status,
  headers: headers.flat(),
  body: Buffer.from(body),
});

answerParent(async (setup: ReplaySetup) => {
  const pages = new Map(
    [...replayedPages(setup)].map(([target, { page, etag, notModified }]) => [
      target,
      { page: ready(page), etag, notModified: notModified && ready(notModified) },
    ]),
  );
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const found = pages.get(request.url as string);
    if (found === undefined) return response.writeHead(404).end();
    const { page, etag, notModified } = found;
    const answer = notModified && request.headers['if-none-match'] === etag ? notModified : page;
    return response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port };
});
