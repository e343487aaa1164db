import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { requestContext } from './request-context.js';

/** Nest tells every module and route that it sets up; that is no news to anybody. */
const SET_UP = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/**
 * Structured logs, with the request id on every line that is written for a request. Takes what Nest's `Logger` hands
 * on: a text, an error, or fields and a text, and last the name of the class that logs.
 */
export class ServiceLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(service: string, level: string, destination?: DestinationStream) {
    const options = {
      level,
      base: { service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      mixin: () => {
        const { requestId } = requestContext.getStore() ?? {};
        return requestId === undefined ? {} : { requestId };
      },
    };
    this.pino = destination ? pino(options, destination) : pino(options);
  }

  isLevelEnabled(level: Level): boolean {
    return this.pino.isLevelEnabled(level);
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
    if (level === 'info' && SET_UP.has(String(context))) return;
    const [more] = rest.slice(0, -1);
    if (message instanceof Error)
      this.pino[level]({ context, err: message }, textOf(more ?? message.message));
    else if (typeof message === 'object') this.pino[level]({ context, ...message }, textOf(more));
    // What Nest hands on besides a text is the stack of an error.
    else this.pino[level](more === undefined ? { context } : { context, stack: more }, textOf(message));
  }
}

function textOf(message: unknown): string | undefined {
  return message === undefined || typeof message === 'string' ? message : inspect(message);
}
