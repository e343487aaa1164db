import type { Identity } from '@flowchart/contracts';
import type { Redis } from 'ioredis';
import { fingerprintOf } from '../presented-token.js';
import type { SessionStore } from '../session-store.js';
import type { Tokens } from '../tokens.js';

/** One pipeline to Redis; more at once is no faster, and holds more in memory. */
const BATCH_SIZE = 1000;

export interface SessionParts {
  readonly tokens: Tokens;
  readonly store: SessionStore;
  /** With auto-pipelining: what is asked at once goes at once. */
  readonly redis: Redis;
}

/**
 * Opens a session for each identity just as a login does, in batches; gives the tokens of each batch once Redis has all
 * of its sessions. A slow reader holds it up. Rejects when Redis fails.
 */
export async function* createSessions(
  identities: Iterable<Identity>,
  { tokens, store, redis }: SessionParts,
): AsyncGenerator<readonly string[]> {
  for (const batch of batchesOf(identities)) {
    const signed = batch.map((identity) => tokens.sign(identity));
    await Promise.all(signed.map((token) => store.create(redis, fingerprintOf(token))));
    yield signed;
  }
}

function* batchesOf<T>(items: Iterable<T>): Iterable<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
