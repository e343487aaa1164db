import type { onSendHookHandler } from 'fastify';

/** What every answer carries: browsers shall take it for the data it is, and tell nobody where they found it. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Adds them to answers that go through Fastify; a page may have set a policy of its own. */
export const addSecurityHeaders: onSendHookHandler = (_request, reply, payload, done) => {
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!reply.hasHeader(name)) void reply.header(name, value);
  }
  done(null, payload);
};
