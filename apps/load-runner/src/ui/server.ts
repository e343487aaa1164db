// The live page: a form to start a run, its figures each second, and the reports. It listens on this machine only, unless told otherwise.

import { isIP } from 'node:net';
import { hostname as machineName } from 'node:os';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { isLoopback } from '../loopback.js';
import { assets } from '../reports/html/assets.js';
import { loadProfile, profileNames } from '../profiles/profile-folder.js';
import { LiveRun } from './live-run.js';
import { addLocustRoutes } from './locust-routes.js';
import { addRunFiles, RunFiles } from './run-files.js';

export interface UiOptions {
  readonly defaultHost: string;
  readonly allowedHosts: readonly string[];
  readonly resultsFolder: string;
  /** The address it will listen on; 127.0.0.1 unless given. */
  readonly bind?: string;
}

export function createUi(options: UiOptions): { app: FastifyInstance; live: LiveRun } {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 10_000 });
  const live = new LiveRun(options.resultsFolder);
  const files = new RunFiles(options.resultsFolder);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', refuseStrangers(ownNames(options.bind ?? '127.0.0.1')));
  addPage(app, options);
  addLocustRoutes(app, live, { ...options, files, loadProfile, profileNames });
  addRunFiles(app, files);
  addEvents(app, live);
  return { app, live };
}

/** By which names a browser may call this server: a foreign name that resolves to this machine is an attack by DNS. */
function ownNames(bind: string): (name: string) => boolean {
  if (isLoopback(bind)) return isLoopback;
  // Whoever bound it to the network calls it by address or by the machine's name; an address cannot be rebound.
  return (name) => name === 'localhost' || isIP(name) > 0 || name === bind || name === machineName();
}

/** Another site's page must not steer the load through the visitor's browser. */
const refuseStrangers =
  (isOwn: (name: string) => boolean) =>
  async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { host = '', origin } = headers;
    const site = headers['sec-fetch-site'];
    const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (!isOwn(name) || foreign)
      await reply.code(403).send({ success: false, message: 'only this machine’s own page may ask' });
  };

/** Nothing that a server under load answers can become script or leave the page, even if it got into it. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

function addPage(app: FastifyInstance, { defaultHost }: UiOptions): void {
  app.get('/', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'cache-control': 'no-store', 'content-security-policy': pagePolicy })
      .send(assets.livePage()),
  );
  app.get<{ Params: { file: string } }>('/assets/:file', async (request, reply) => {
    const served = pageAssets[request.params.file];
    if (!served) return reply.code(404).send({ success: false, message: 'there is no such file' });
    const type = request.params.file.endsWith('.css') ? 'text/css' : 'text/javascript';
    return reply.type(`${type}; charset=utf-8`).header('cache-control', 'no-cache').send(served());
  });
  app.get('/settings', async () => ({
    host: defaultHost,
    profiles: profileNames().map((name) => {
      const { description, model, stages } = loadProfile(name);
      return { name, description, model, stages };
    }),
  }));
}

const pageAssets: Readonly<Record<string, () => string>> = {
  'look.css': () => assets.style(),
  'charts.js': () => assets.charts(),
  'live.css': () => assets.liveStyle(),
  'live.js': () => assets.liveScript('live'),
  'live-form.js': () => assets.liveScript('live-form'),
  'live-figures.js': () => assets.liveScript('live-figures'),
  'live-tables.js': () => assets.liveScript('live-tables'),
  'live-runs.js': () => assets.liveScript('live-runs'),
  'live-words.js': () => assets.liveScript('live-words'),
};

/**
 * Server-sent events: everything so far when the page opens or comes back, then each second as it passes. A page that does
 * not take them, as one of a sleeping computer, gets what it missed in one piece later: nothing piles up for it here.
 */
function addEvents(app: FastifyInstance, live: LiveRun): void {
  app.get('/events', (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let sent = 0;
    let owed = false;
    const send = (): void => {
      owed = raw.writableNeedDrain;
      if (owed) return;
      if (live.secondCount < sent) sent = 0;
      const event = { status: live.status(), from: sent, seconds: live.secondsFrom(sent) };
      sent = live.secondCount;
      raw.write(`data: ${JSON.stringify(event)}\n\n`);
    };
    live.on('change', send);
    raw.on('drain', () => owed && send());
    request.raw.on('close', () => live.off('change', send));
    send();
  });
}
