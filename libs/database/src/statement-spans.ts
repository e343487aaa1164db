// Spans of the statements that a recorded request waits for: their form, and none of their values.
import { requestContext } from '@flowchart/platform';
import type { PoolClient } from 'pg';
import { fingerprintOf } from './fingerprint.js';
import type { Watcher } from './watched-statements.js';

/** Where a client of `pg` is connected to; its types leave that out for one of a pool. */
type Connected = PoolClient & { readonly host: string; readonly port: number; readonly database?: string };

export const recordStatement: Watcher = (statement, client) => {
  const work = requestContext.getStore()?.span;
  if (!work) return undefined;
  const { text } = fingerprintOf(statement);
  const { host, port, database = '' } = client as Connected;
  const [summary, operation] = summaryOf(text);
  const span = work.child(summary, {
    'db.system.name': 'postgresql',
    'db.namespace': database,
    'db.operation.name': operation,
    'db.query.summary': summary,
    'db.query.text': text,
    'server.address': host,
    'server.port': port,
  });
  return (failure) => {
    if (!failure) return span?.end();
    const code = typeof failure.code === 'string' ? failure.code : 'error';
    span?.end({ attributes: { 'db.response.status_code': code }, failure: code });
  };
};

const table = /\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?("[^"]+"|[\w.]+)/i;

/** What it does, and first of all to which table: `SELECT courses`, of which there are a few. */
function summaryOf(text: string): [summary: string, operation: string] {
  const operation = (/^\w+/.exec(text)?.[0] ?? 'QUERY').toUpperCase();
  const target = table.exec(text)?.[1]?.replaceAll('"', '');
  return [target === undefined ? operation : `${operation} ${target}`, operation];
}
