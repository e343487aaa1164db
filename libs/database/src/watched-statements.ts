// Tells of every statement that goes over the connections of a pool, of TypeORM's and past it, and of its end.
import type { Pool, PoolClient } from 'pg';

export type Failure = { readonly code?: unknown } | null | undefined;
type Ended = (failure?: Failure) => void;
/** Called as a statement is handed to its connection, in the context of who asks; returns what is called at its end. */
export type Watcher = (statement: string, client: PoolClient) => Ended | undefined;

type AnyQuery = (...given: unknown[]) => unknown;

/** Waiting for a connection is no part of a statement. What brings an object of its own, as COPY does, ends unseen. */
export function watchStatements(pool: Pool, watchers: readonly Watcher[]): void {
  const known = new WeakSet<PoolClient>();
  // Not on 'connect': TypeORM has opened one before anybody can listen.
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    watch(client, watchers);
  });
}

function watch(client: PoolClient, watchers: readonly Watcher[]): void {
  const query = client.query.bind(client) as AnyQuery;
  const watched: AnyQuery = (statement, ...rest) => {
    const text = textOf(statement);
    const ends = watchers.map((watcher) => watcher(text, client));
    const ended: Ended = (failure) => {
      for (const end of ends) end?.(failure);
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
