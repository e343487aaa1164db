import type { FastifyRequest } from 'fastify';

/** An address in text has at most 45 characters; a forged header has as many as it likes. */
const MAX_ADDRESS_LENGTH = 64;

/**
 * Where a request comes from. Each proxy appends to `X-Forwarded-For` whom it was called by, so with `trustedProxies` of
 * our own in front, that many entries from the right are true and all others are the client's word.
 */
export function clientAddress({ ip, headers }: FastifyRequest, trustedProxies: number): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const told = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  return (told || ip).slice(0, MAX_ADDRESS_LENGTH);
}
