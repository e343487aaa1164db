// The live page: a form to start a run, its figures each second, and the reports. It listens on this machine only.

import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { assets } from '../reports/html/assets.js';
import { loadProfile, profileNames } from '../profiles/profile-folder.js';
import { BusyError, LiveRun } from './live-run.js';
import { locustStats } from './locust-stats.js';
import { readSwarm, type SwarmContext } from './swarm.js';

export interface UiOptions {
  readonly defaultHost: string;
  readonly allowedHosts: readonly string[];
  readonly resultsFolder: string;
}

const runIdPattern = /^[0-9T-]{19}-[a-z0-9-]{1,60}$/;
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
};

export function createUi(options: UiOptions): { app: FastifyInstance; live: LiveRun } {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 10_000 });
  const live = new LiveRun(options.resultsFolder);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', refuseStrangers);
  addPages(app, options);
  addRun(app, live, { ...options, loadProfile });
  addEvents(app, live);
  return { app, live };
}

/** Another site's page must not steer the load through the visitor's browser, nor by a name that resolves to this machine. */
async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { host = '', origin } = request.headers;
  const hostname = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const own = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '::1';
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) ||
    request.headers['sec-fetch-site'] === 'cross-site';
  if (!own || foreign)
    await reply.code(403).send({ success: false, message: 'only this machine’s own page may ask' });
}

function addPages(app: FastifyInstance, { resultsFolder, defaultHost }: UiOptions): void {
  const html = (reply: FastifyReply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
  app.get('/', async (_request, reply) => html(reply).send(assets.livePage()));
  app.get('/assets/look.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(assets.style()),
  );
  app.get('/assets/live.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(`${assets.charts()}\n${assets.liveScript()}`),
  );
  app.get('/settings', async () => ({
    host: defaultHost,
    profiles: profileNames().map((name) => {
      const { description, stages } = loadProfile(name);
      return { name, description, stages };
    }),
  }));
  app.get<{ Params: { id: string; file: string } }>('/reports/:id/:file', async (request, reply) => {
    const { id, file } = request.params;
    const path = join(resultsFolder, id, file);
    const type = types[file.split('.').at(-1) ?? ''];
    if (!runIdPattern.test(id) || !/^[a-z_]+\.[a-z]+$/.test(file) || !type || !existsSync(path)) {
      return reply.code(404).send({ success: false, message: 'there is no such report' });
    }
    return reply.type(type).send(createReadStream(path));
  });
}

function addRun(app: FastifyInstance, live: LiveRun, context: SwarmContext): void {
  app.post('/swarm', async (request, reply) => {
    try {
      const swarm = readSwarm(request.body, context);
      live.start(swarm);
      return { success: true, message: 'Swarming started', host: swarm.baseUrl };
    } catch (error) {
      const { message } = error as Error;
      return reply.code(error instanceof BusyError ? 409 : 400).send({ success: false, message });
    }
  });
  // Locust stops by GET; a form or a careful script may as well POST.
  app.route({
    method: ['GET', 'POST'],
    url: '/stop',
    handler: async () => {
      live.stop();
      return { success: true, message: 'Test stopped' };
    },
  });
  app.get('/stats/requests', async () => locustStats(live));
}

/** Server-sent events: everything so far when the page opens, then each second as it passes. */
function addEvents(app: FastifyInstance, live: LiveRun): void {
  app.get('/events', (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let sent = 0;
    const send = (): void => {
      const { seconds } = live;
      if (seconds.length < sent) sent = 0;
      const event = { status: live.status(), from: sent, seconds: seconds.slice(sent) };
      sent = seconds.length;
      raw.write(`data: ${JSON.stringify(event)}\n\n`);
    };
    live.on('change', send);
    request.raw.on('close', () => live.off('change', send));
    send();
  });
}
