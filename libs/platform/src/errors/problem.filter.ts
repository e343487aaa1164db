import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { problemContentType } from '@flowchart/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from './app-error.js';
import { toProblem } from './problem.js';
import { orUnavailable } from './unavailable.js';

/** The only place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = orUnavailable(thrown);
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, { path: request.url.split('?', 1)[0] ?? '/', requestId: request.id });
    if (problem.status === 500) this.logger.error({ err: error, requestId: request.id }, 'unexpected error');
    if (reply.sent) return;
    if (error instanceof AppError) void reply.headers(error.headers);
    void reply
      .status(problem.status)
      .header('content-type', problemContentType)
      .send(JSON.stringify(problem));
  }
}
