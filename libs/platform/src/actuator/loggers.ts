// Spring Boot's actuator endpoint for the levels of loggers: read by anybody, set by who operates the service.
import type { IncomingMessage } from 'node:http';
import { problemContentType } from '@flowchart/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, platformErrors } from '../errors/app-error.js';
import { toProblem } from '../errors/problem.js';
import {
  type LoggerLevels,
  type LogLevel,
  type LogLevels,
  levels as knownLevels,
} from '../logging/log-levels.js';

/**
 * Who may set levels. `anybody` who reaches the port: it is for operators alone. `this machine`: the port has other
 * clients, too. `nobody`: a proxy on this machine may pass strangers on to the port, and look like this machine.
 */
export type LevelSetters = 'anybody' | 'this machine' | 'nobody';

/** Spring's names; its own `FATAL` is what Logback lacks and Log4j has. */
const springName = (level: LogLevel): string => (level === 'silent' ? 'OFF' : level.toUpperCase());
const bySpringName = new Map(knownLevels.map((level) => [springName(level), level]));

const wanted = z.strictObject({
  configuredLevel: z.string().max(10).nullish(),
});

interface Named {
  Params: { name: string };
}

/** `/actuator/loggers` and `/actuator/loggers/{name}`. */
export function registerLoggers(fastify: FastifyInstance, levels: LogLevels, setters: LevelSetters): void {
  fastify.get('/actuator/loggers', async () => ({
    levels: [...bySpringName.keys()],
    loggers: Object.fromEntries(levels.names().map((name) => [name, view(levels.of(name))])),
  }));
  fastify.get<Named>(
    '/actuator/loggers/:name',
    { errorHandler: sendProblem },
    async ({ params: { name } }) => {
      const found = levels.of(name);
      if (!found) throw new AppError(platformErrors.NOT_FOUND, `Nothing was logged by ${name} yet.`);
      return view(found);
    },
  );
  fastify.post<Named>(
    '/actuator/loggers/:name',
    { errorHandler: sendProblem, onRequest: async (request) => refuseStrangers(request.raw, setters) },
    async ({ params: { name }, body }, reply) => {
      if (!levels.set(name, levelIn(body)))
        throw new AppError(
          platformErrors.INVALID_REQUEST,
          'Too many loggers have levels of their own, or its name is too long.',
        );
      return reply.status(204).send();
    },
  );
}

const view = (found: LoggerLevels | undefined) =>
  found && {
    configuredLevel: found.configured && springName(found.configured),
    effectiveLevel: springName(found.effective),
  };

/** An empty object resets a level, as null does: Spring's clients send both. */
function levelIn(body: unknown): LogLevel | null {
  const parsed = wanted.safeParse(body);
  const name = parsed.data?.configuredLevel?.toUpperCase() ?? null;
  const level = name === null ? null : bySpringName.get(name);
  if (!parsed.success || level === undefined) {
    const names = [...bySpringName.keys()].join(', ');
    throw new AppError(
      platformErrors.INVALID_REQUEST,
      `Send {"configuredLevel": …} with null or one of ${names}.`,
    );
  }
  return level;
}

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'via',
  'origin',
  'sec-fetch-site',
];
const ownAddress = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** A page that a browser here shows may reach us under a name of its own, but not under these. */
const ownHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

function refuseStrangers({ socket, headers }: IncomingMessage, setters: LevelSetters): void {
  if (setters === 'anybody') return;
  const isFromHere =
    ownAddress.test(socket.remoteAddress ?? '') &&
    ownHost.test(headers.host ?? '') &&
    forwardingHeaders.every((name) => headers[name] === undefined);
  if (setters === 'this machine' && isFromHere) return;
  throw new AppError(
    platformErrors.FORBIDDEN,
    `Levels can be set on MANAGEMENT_PORT${setters === 'nobody' ? '.' : ', or from the same machine.'}`,
  );
}

/** The actuator may be alone on its port, where nobody else makes problems of errors. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? '/';
  const problem = toProblem(error, { path, requestId: request.id });
  void reply.status(problem.status).header('content-type', problemContentType).send(JSON.stringify(problem));
}
