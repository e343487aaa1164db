import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LogLevels } from '../logging/log-levels.js';
import type { Meters } from '../metrics/meters.js';
import type { HealthRegistry, HealthReport } from './health.registry.js';
import { type LevelSetters, registerLoggers, sendProblem } from './loggers.js';
import { meterNames, meterView } from './meter-view.js';
import type { ServiceInfo } from './service-info.js';

export interface ActuatorParts {
  readonly health: HealthRegistry;
  readonly meters: Meters;
  readonly info: ServiceInfo;
  readonly levels: LogLevels;
}

/** Spring Boot's actuator endpoints as plain routes, so that they fit the service's port or one of their own. */
export function registerActuator(
  fastify: FastifyInstance,
  { health, meters, info, levels }: ActuatorParts,
  setters: LevelSetters,
): void {
  registerLoggers(fastify, levels, setters);
  fastify.get('/actuator/health', async (_, reply) => sendHealth(reply, await health.report()));
  fastify.get('/actuator/health/readiness', async (_, reply) => sendHealth(reply, await health.report()));
  fastify.get('/actuator/health/liveness', async () => ({ status: 'UP' }));
  fastify.get('/actuator/info', async () => info);
  fastify.get('/actuator/prometheus', async ({ headers: { accept } }, reply) => {
    const { contentType, text } = await meters.page(accept);
    void reply.header('content-type', contentType);
    return text;
  });
  fastify.get('/actuator/metrics', async () => ({ names: meterNames(meters) }));
  fastify.get<{ Params: { name: string }; Querystring: { tag?: string | string[] } }>(
    '/actuator/metrics/:name',
    { errorHandler: sendProblem },
    async ({ params, query }) => meterView(meters, params.name, [query.tag ?? []].flat()),
  );
}

const sendHealth = (reply: FastifyReply, report: HealthReport) =>
  reply.status(report.status === 'UP' ? 200 : 503).send(report);
