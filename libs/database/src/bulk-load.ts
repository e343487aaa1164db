import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | boolean | null;

const CHUNK_ROWS = 500;
const DAY_MS = 86_400_000;
const special: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Loads rows with COPY (text format), the fastest way into Postgres. All or nothing. `table` and `columns` are the
 * caller's own words, never a user's. Resolves with the number of rows.
 */
export async function bulkLoad(
  pool: Pool,
  { table, columns }: { table: string; columns: readonly string[] },
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    const stream = copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`);
    // The client's own limit, where the pool has one, is for queries of requests.
    const copy = client.query(Object.assign(stream, { query_timeout: DAY_MS }));
    await pipeline(Readable.from(chunks(rows)), copy);
    return copy.rowCount ?? 0;
  } finally {
    // Ends the session instead of handing a connection with changed settings to somebody else.
    client.release(true);
  }
}

/** Lets go of the event loop after each chunk: a load of millions of rows must not silence the process. */
async function* chunks(rows: Iterable<readonly CopyValue[]>): AsyncGenerator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(row.map(copyText).join('\t'));
    if (lines.length < CHUNK_ROWS) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
    await nextTurn();
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** https://www.postgresql.org/docs/18/sql-copy.html, "Text Format". */
const copyText = (value: CopyValue): string =>
  value === null
    ? '\\N'
    : String(value).replaceAll(/[\\\n\r\t]/g, (character) => special[character] as string);
