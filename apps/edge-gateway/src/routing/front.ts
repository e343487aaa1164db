import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';

/** Answers a request at once, or tells that it has not. */
export type FrontAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

const logger = new Logger('Front');

/**
 * Puts `answer` before all that `server` does with a request: Fastify's hooks come after those of Nest's middleware,
 * which cost more than a stored answer does. A server that is draining answers as before, so that it can tell its
 * clients to go elsewhere.
 */
export function putInFront(server: Server, answer: FrontAnswer): void {
  const behind = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (server.listening && answeredInFront(answer, request, response)) return;
    for (const listener of behind) listener.call(server, request, response);
  });
}

/** Out here nobody else catches what is thrown: it would end the process. */
function answeredInFront(answer: FrontAnswer, request: IncomingMessage, response: ServerResponse): boolean {
  try {
    return answer(request, response);
  } catch (error) {
    logger.error({ err: error }, 'a stored answer could not be sent');
    if (response.headersSent) response.destroy();
    return response.headersSent;
  }
}
