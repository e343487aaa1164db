// Spans of what a request asks Redis for: the names of commands, and nothing of their keys and values.
import { requestContext, type WorkSpan } from '@flowchart/platform';
import type { RedisOptions } from 'ioredis';

const DEFAULT_PORT = 6379;

/** Undefined where no recorded request waits for the command. */
export function beginCommand(name: string, { host, port, db }: RedisOptions): WorkSpan | undefined {
  const work = requestContext.getStore()?.span;
  if (!work) return undefined;
  const operation = name.toUpperCase();
  return work.child(operation, {
    'db.system.name': 'redis',
    'db.operation.name': operation,
    'db.namespace': String(db ?? 0),
    'server.address': host ?? 'localhost',
    'server.port': port ?? DEFAULT_PORT,
  });
}

/** Ends `span` as soon as `answer`, a promise, is settled. */
export function endWith(span: WorkSpan, answer: unknown): void {
  (answer as Promise<unknown>).then(
    () => span.end(),
    (error: unknown) => span.end({ failure: failureOf(error) }),
  );
}

/** Redis begins its refusals with a word for their kind: `NOSCRIPT No matching script`. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return /^[A-Z]+\b/.exec(error.message)?.[0] ?? error.name;
}
