// The routes of Locust's web interface: what steers a Locust by script steers this runner, too.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { analyse, endpointFigures, errorFigures, totalFigures } from '../analysis/analyse.js';
import { describeMachine } from '../analysis/machine.js';
import { htmlReport } from '../reports/html/report.js';
import {
  locustExceptions,
  locustFailures,
  locustHistory,
  locustStats as statsCsv,
} from '../reports/locust-csv.js';
import { runId } from '../reports/run-folder.js';
import { BusyError, type LiveRun } from './live-run.js';
import { locustStats, locustTasks } from './locust-stats.js';
import type { RunFiles } from './run-files.js';
import { FieldError, readEdit, readSwarm, type SwarmContext } from './swarm.js';

export interface LocustContext extends SwarmContext {
  readonly files: RunFiles;
}

export function addLocustRoutes(app: FastifyInstance, live: LiveRun, context: LocustContext): void {
  app.post('/swarm', async (request, reply) => {
    try {
      return swarm(live, request.body, context);
    } catch (error) {
      return refuse(reply, error as Error);
    }
  });
  // Locust stops and resets by GET; a form or a careful script may as well POST.
  app.route({
    method: ['GET', 'POST'],
    url: '/stop',
    handler: async () => {
      live.stop();
      return { success: true, message: 'Test stopped' };
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/stats/reset',
    handler: async () => {
      live.clearStatistics();
      return 'ok';
    },
  });
  app.get('/stats/requests', async () => locustStats(live));
  app.get('/exceptions', async () => ({ exceptions: [] }));
  app.get('/tasks', async () => locustTasks(live.statistics()?.request.profile.journeys));
  app.get('/worker-count', async () => ({ worker_count: live.status().run?.workers ?? 0 }));
  addCsvs(app, live);
  addReport(app, live, context.files);
}

/** As with Locust, a second call changes the run under way. */
function swarm(live: LiveRun, body: unknown, context: SwarmContext): object {
  const current = live.currentRequest;
  if (current) {
    live.edit(readEdit(body, current));
    return { success: true, message: 'Swarming started', host: current.baseUrl };
  }
  const request = readSwarm(body, context);
  live.start(request);
  return { success: true, message: 'Swarming started', host: request.baseUrl };
}

function refuse(reply: FastifyReply, error: Error): FastifyReply {
  const fields = error instanceof FieldError ? error.fields : {};
  return reply
    .code(error instanceof BusyError ? 409 : 400)
    .send({ success: false, message: error.message, fields });
}

/** Of what the tables show: since the statistics were cleared, and while the run goes on. */
function addCsvs(app: FastifyInstance, live: LiveRun): void {
  const tables: Readonly<Record<string, (run: Parameters<typeof locustHistory>[0]) => string>> = {
    '/stats/requests/csv': statsCsv,
    '/stats/requests_full_history/csv': locustHistory,
    '/stats/failures/csv': locustFailures,
    '/exceptions/csv': locustExceptions,
  };
  for (const [url, table] of Object.entries(tables)) {
    const kind = url.split('/').at(-2) ?? '';
    app.get(url, async (_request, reply) => {
      const known = live.statistics();
      if (!known) return nothingYet(reply);
      const { totals, seconds, spanMs, startedAt, request } = known;
      const record = {
        startedAt: startedAt.toISOString(),
        endpoints: totals.byEndpoint.map((one) => endpointFigures(one, spanMs)),
        total: totalFigures(totals, spanMs),
        errors: errorFigures(totals),
      };
      const file = `${runId(startedAt, request.profile.name)}_${kind}.csv`;
      return attachment(reply, file).type('text/csv; charset=utf-8').send(table({ record, seconds }));
    });
  }
}

/** The report as it stands: that of the finished run, or one made of what was measured so far. */
function addReport(app: FastifyInstance, live: LiveRun, files: RunFiles): void {
  app.get<{ Querystring: { download?: string } }>('/stats/report', async (request, reply) => {
    const finished = live.status().report;
    const known = live.statistics();
    if (!known || !live.timeline) return nothingYet(reply);
    const id = finished?.id ?? runId(known.startedAt, known.request.profile.name);
    if (request.query.download) void attachment(reply, `${id}.html`);
    if (finished) return files.send(reply, { id, file: 'report.html' });
    const measured = live.timeline.seconds.filter((second) => !second.warmup);
    const record = analyse(
      {
        plan: known.request,
        startedAt: known.startedAt,
        measuredMs: measured.length * 1000,
        interrupted: false,
        stopped: null,
        timeline: live.timeline,
      },
      { id, tags: known.request.tags, git: null, machine: describeMachine() },
    );
    const page = htmlReport({ record, seconds: live.timeline.seconds, system: [] });
    return reply.type('text/html; charset=utf-8').send(page);
  });
}

const nothingYet = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({ success: false, message: 'nothing was measured yet: start a run first' });

const attachment = (reply: FastifyReply, file: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${file}"`);
