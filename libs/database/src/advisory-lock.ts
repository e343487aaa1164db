import { createHash } from 'node:crypto';
import { Client } from 'pg';

/**
 * Runs `work` in at most one process of all that use this database and name. The lock lives on a connection of its
 * own, so it goes with the process, and a pool of one connection cannot deadlock on it.
 */
export async function withAdvisoryLock<T>(url: string, name: string, work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: `lock ${name}` });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey(name)]);
    return await work();
  } finally {
    await client.end();
  }
}

/** The first 64 bits of a hash, as the signed number that Postgres wants. */
const lockKey = (name: string): string =>
  createHash('sha256').update(name).digest().readBigInt64BE().toString();
