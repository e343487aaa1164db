// Logs statements that took too long, by their form and without any value, and the request they were for.
import { LineBudget, requestContext } from '@flowchart/platform';
import { Logger } from '@nestjs/common';
import { fingerprintOf } from './fingerprint.js';
import type { Failure, Watcher } from './watched-statements.js';

/** When every statement is slow, this many lines a second tell it as well as all would. */
const LINES_PER_SECOND = 10;
const NS_PER_MS = 1e6;

/**
 * A watcher for statements that take longer than `slowMs`: TypeORM's own `maxQueryExecutionTime` sees its part alone,
 * and hands on the values.
 */
export function slowQueryLog(slowMs: number): Watcher {
  const log = new SlowQueryLog();
  return (statement) => {
    const startedMs = performance.now();
    const request = requestContext.getStore();
    return (failure) => {
      const durationMs = performance.now() - startedMs;
      if (durationMs <= slowMs) return;
      // Who is called back by a socket is outside of the request.
      if (request) requestContext.run(request, () => log.tell(statement, durationMs, failure));
      else log.tell(statement, durationMs, failure);
    };
  };
}

class SlowQueryLog {
  private readonly logger = new Logger('SlowQuery');
  private readonly budget = new LineBudget(LINES_PER_SECOND);

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
