import { createHash } from 'node:crypto';
import apiReference from '@scalar/fastify-api-reference';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { openApiDocument } from './openapi.js';

export const documentPath = '/openapi.json';
export const pagePath = '/docs';

/**
 * The page brings its own script and styles and gets nothing from anywhere else: the browser enforces it, whatever the
 * script would like to fetch.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

const withPagePolicy: onRequestHookHandler = ({ raw }, reply, done) => {
  // The page would send its reader to the same path with a slash first.
  if (raw.url === pagePath) raw.url = `${pagePath}/`;
  void reply.headers({ 'content-security-policy': pagePolicy, 'cache-control': 'public, max-age=3600' });
  done();
};

/** The API's description for programs, and as a page for people. */
export async function serveDocumentation(fastify: FastifyInstance, version: string): Promise<void> {
  const document = Buffer.from(JSON.stringify(openApiDocument(version)));
  const etag = `"${createHash('sha256').update(document).digest('base64url').slice(0, 27)}"`;
  fastify.get(documentPath, async ({ headers }, reply) => {
    void reply.headers({ etag, 'cache-control': 'public, max-age=300' });
    if (headers['if-none-match'] === etag) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(document);
  });
  await fastify.register(apiReference, {
    routePrefix: pagePath,
    hooks: { onRequest: withPagePolicy },
    configuration: {
      url: documentPath,
      cdn: `${pagePath}/js/scalar.js`,
      pageTitle: 'Degree Flowchart API',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true, hideAddApi: true },
    },
  });
}
