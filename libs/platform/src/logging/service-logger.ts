import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { ECS_VERSION, ecsFields, errorFields, traceFields } from './ecs-fields.js';
import { type LogLevel, LogLevels } from './log-levels.js';
import { redactText } from './redaction.js';
import { requestContext } from './request-context.js';

/** Nest tells every module and route that it sets up; that is no news to anybody. */
const SET_UP = ['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory', 'NestApplication'];

type Level = Exclude<LogLevel, 'silent'>;

/**
 * Structured logs by the Elastic Common Schema, with request and trace id on every line that is written for a request.
 * Takes what Nest's `Logger` hands on: a text, an error, or fields and a text, and last the name of the class that logs.
 */
export class ServiceLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(
    service: { readonly name: string; readonly version: string },
    private readonly levels: LogLevels,
    destination?: DestinationStream,
  ) {
    const options = {
      // Levels are ours to keep, by the logger's name.
      level: 'trace',
      base: { 'ecs.version': ECS_VERSION, 'service.name': service.name, 'service.version': service.version },
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ 'log.level': label }) },
    };
    this.pino = destination ? pino(options, destination) : pino(options);
    if (levels.allows('info', undefined)) for (const name of SET_UP) levels.set(name, 'warn');
  }

  isLevelEnabled(level: Level, logger: string): boolean {
    return this.levels.allows(level, logger);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const logger = typeof context === 'string' ? context : undefined;
    if (logger !== undefined) this.levels.noteLogger(logger);
    if (!this.levels.allows(level, logger)) return;
    const [more] = rest.slice(0, -1);
    const { fields, text } = lineOf(message, more);
    this.pino[level]({ 'log.logger': logger, ...requestFields(), ...fields }, text && redactText(text));
  }
}

function requestFields(): Record<string, unknown> {
  const request = requestContext.getStore();
  return request ? { 'http.request.id': request.requestId, ...traceFields(request.traceparent) } : {};
}

interface Line {
  readonly fields: Record<string, unknown>;
  readonly text: string | undefined;
}

function lineOf(message: unknown, more: unknown): Line {
  if (message instanceof Error)
    return { fields: errorFields(message), text: textOf(more ?? message.message) };
  if (typeof message === 'object' && message !== null)
    return { fields: ecsFields(message), text: textOf(more) };
  // What Nest hands on besides a text is the stack of an error.
  const fields = more === undefined ? {} : { 'error.stack_trace': redactText(textOf(more) ?? '') };
  return { fields, text: textOf(message) };
}

function textOf(message: unknown): string | undefined {
  return message === undefined || typeof message === 'string' ? message : inspect(message);
}
