// Logs statements that took too long, by their form and without any value, and the request they were for.
import { LineBudget, requestContext } from '@flowchart/platform';
import { Logger } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { fingerprintOf } from './fingerprint.js';

/** When every statement is slow, this many lines a second tell it as well as all would. */
const LINES_PER_SECOND = 10;
const NS_PER_MS = 1e6;

type AnyQuery = (...given: unknown[]) => unknown;
type Failure = { readonly code?: unknown } | null | undefined;

/**
 * Watches all that goes over the connections of `pool`, of TypeORM's and past it: TypeORM's own
 * `maxQueryExecutionTime` sees its part alone, and hands on the values. Time counts from when the statement was handed
 * to its connection; waiting for one is no part of it.
 */
export function logSlowQueries(pool: Pool, slowMs: number): void {
  const log = new SlowQueryLog(slowMs);
  const known = new WeakSet<PoolClient>();
  // Not on 'connect': TypeORM has opened one before anybody can listen.
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    watch(client, log);
  });
}

function watch(client: PoolClient, log: SlowQueryLog): void {
  const query = client.query.bind(client) as AnyQuery;
  const watched: AnyQuery = (statement, ...rest) => {
    const startedMs = performance.now();
    const text = textOf(statement);
    const request = requestContext.getStore();
    const ended = (failure?: Failure): void => {
      const durationMs = performance.now() - startedMs;
      if (durationMs <= log.slowMs) return;
      // Who is called back by a socket is outside of the request.
      if (request) requestContext.run(request, () => log.tell(text, durationMs, failure));
      else log.tell(text, durationMs, failure);
    };
    const callback = rest.at(-1);
    if (typeof callback === 'function') {
      rest[rest.length - 1] = (failure: Failure, ...more: unknown[]): void => {
        ended(failure);
        (callback as AnyQuery)(failure, ...more);
      };
    }
    const answer = query(statement, ...rest);
    if (answer instanceof Promise) answer.then(() => ended(), ended);
    return answer;
  };
  Object.assign(client, { query: watched });
}

/** Copies and cursors bring an object of their own, in which the text has other places. */
function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const { text } = statement as { text?: unknown };
  return typeof text === 'string' ? text : 'no text';
}

class SlowQueryLog {
  private readonly logger = new Logger('SlowQuery');
  private readonly budget = new LineBudget(LINES_PER_SECOND);

  constructor(readonly slowMs: number) {}

  tell(statement: string, durationMs: number, failure: Failure): void {
    if (!this.budget.take()) return;
    const { id, text } = fingerprintOf(statement);
    this.logger.warn(
      {
        'event.duration': Math.round(durationMs * NS_PER_MS),
        'event.outcome': failure ? 'failure' : 'success',
        // SQLSTATE; messages of PostgreSQL quote values.
        ...(typeof failure?.code === 'string' && { 'error.code': failure.code }),
        'db.system.name': 'postgresql',
        'db.query.text': text,
        fingerprint: id,
        ...this.budget.told(),
      },
      'a statement was slow',
    );
  }
}
