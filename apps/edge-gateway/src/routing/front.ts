import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';

/** Answers a request at once, or tells that it has not. */
export type FrontAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

const logger = new Logger('Front');

/**
 * Puts `answers`, asked in turn, before all that `server` does with a request: Fastify's hooks come after those of Nest's
 * middleware, which cost more than a stored answer does.
 */
export function putInFront(server: Server, answers: readonly FrontAnswer[]): void {
  const behind = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (answeredInFront(answers, request, response)) return;
    for (const listener of behind) listener.call(server, request, response);
  });
}

/** Out here nobody else catches what is thrown: it would end the process. */
function answeredInFront(
  answers: readonly FrontAnswer[],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  try {
    for (const answer of answers) {
      if (answer(request, response)) return true;
    }
    return false;
  } catch (error) {
    logger.error({ err: error }, 'an answer in front could not be sent');
    if (response.headersSent) response.destroy();
    return response.headersSent;
  }
}
