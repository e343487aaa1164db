import { Logger } from '@nestjs/common';
import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { beginCommand, endWith } from './redis-spans.js';

/** An answer from Redis is worth waiting for this long; after that its absence is cheaper. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
/**
 * A peer that says nothing for so long is not slow but gone, or a network has lost it without a word. Only a closed
 * connection is opened again; TCP alone would take a quarter of an hour to notice.
 */
const SILENCE_MS = 5000;
/** A blocking read is silent while nothing happens. */
export const LONGEST_BLOCK_MS = 5000;
const SLOWEST_RETRY_MS = 2000;

/**
 * A connection for commands that must never hold a request up: while Redis is away they fail at once instead of
 * queueing. An outage is logged when it begins and when it ends, not at every attempt.
 */
export function redisConnection(url: string, name: string): Redis {
  return watch(
    new BatchingRedis(url, {
      connectionName: name,
      enableOfflineQueue: false,
      commandTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 0,
      retryStrategy,
    }),
    name,
  );
}

/**
 * Resolves when the connection is ready for the first time, or when it turns out not to be: a service that starts
 * beside its Redis begins with it, and one without Redis does not wait.
 */
export async function firstAttempt(redis: Redis): Promise<void> {
  const failed = new Promise<void>((resolve) => redis.once('close', () => resolve()));
  const ready = new Promise<void>((resolve) => redis.once('ready', () => resolve()));
  await Promise.race([ready, failed]);
}

/**
 * A connection for blocking reads, which take as long as they take. One that is cut off fails instead of being sent
 * again behind the reader's back.
 */
export function blockingRedisConnection(url: string, name: string): Redis {
  return watch(
    new Redis(url, {
      connectionName: name,
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: LONGEST_BLOCK_MS + SILENCE_MS,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy,
    }),
    name,
  );
}

/**
 * Writes the commands of a turn of the event loop together, in the order they came: a write costs more than a short
 * command otherwise does. ioredis' own auto-pipelining does so, too, but makes a second promise for each command and
 * holds them back while others are under way. A command of a request that is recorded has a span.
 */
class BatchingRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const stream = this.stream as Socket | undefined;
    if (stream && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    const span = beginCommand(args[0].name, this.options);
    const answer = super.sendCommand(...args);
    if (span) endWith(span, answer);
    return answer;
  }
}

const retryStrategy = (attempt: number): number => Math.min(50 * 2 ** attempt, SLOWEST_RETRY_MS);

function watch(redis: Redis, name: string): Redis {
  const logger = new Logger(`Redis ${name}`);
  let away = false;
  redis.on('ready', () => {
    if (away) logger.log('Redis is back');
    away = false;
  });
  redis.on('error', (error: Error) => {
    if (!away) logger.warn({ err: error.message }, 'Redis does not answer: going on without it');
    away = true;
  });
  return redis;
}
