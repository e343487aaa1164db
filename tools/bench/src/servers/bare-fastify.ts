/** The same recorded bytes and headers, by a plain Fastify route. */
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../child-module.js';
import type { RecordedAnswer } from './recorded-answer.js';
import { KEEP_ALIVE_MS, replayedPages, type ReplaySetup } from './replayed.js';

const ready = ({ status, headers, body }: RecordedAnswer) => ({
  status,
  headers: Object.fromEntries(headers),
  body: Buffer.from(body),
});

answerParent(async (setup: ReplaySetup) => {
  const server = fastify({ keepAliveTimeout: KEEP_ALIVE_MS });
  const pages = [...replayedPages(setup)].map(([target, { page, etag, notModified }]) => ({
    target,
    page: ready(page),
    etag,
    notModified: notModified && ready(notModified),
  }));
  for (const { target, page, etag, notModified } of pages) {
    server.get(target.split('?')[0] as string, (request, reply) => {
      const known = notModified && request.headers['if-none-match'] === etag;
      const answer = known ? notModified : page;
      return reply
        .code(answer.status)
        .headers(answer.headers)
        .send(known ? undefined : answer.body);
    });
  }
  await server.listen({ port: 0, host: '127.0.0.1' });
  return { port: (server.server.address() as AddressInfo).port };
});
