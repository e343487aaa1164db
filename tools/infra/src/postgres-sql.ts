/** The little SQL that setting up a server takes. */
import { embeddedPostgres } from '@flowchart/contracts';
import { Client, DatabaseError } from 'pg';
import { InfraError } from './infra-error.js';
import { HOST } from './ports.js';
import { errorCode } from './processes.js';

const CONNECT_LIMIT_MS = 2000;
/** SQLSTATE of a server that starts, recovers or stops. */
const CANNOT_CONNECT_NOW = '57P03';
const INVALID_PASSWORD = '28P01';
const DUPLICATE_DATABASE = '42P04';

export function postgresUrl(port: number, database: string): string {
  const { user, password } = embeddedPostgres;
  return `postgres://${user}:${password}@${HOST}:${port}/${database}`;
}

/** The data folder of the server on this port; undefined while nobody serves there. */
export async function dataDirectoryAt(port: number): Promise<string | undefined> {
  try {
    const rows = await query(port, 'postgres', 'SHOW data_directory');
    return String(rows[0]?.data_directory);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_PASSWORD) {
      throw new InfraError(
        `PostgreSQL on port ${port} does not know the user of this workspace. Start over with: npx nx run infra:reset`,
      );
    }
    if (!(error instanceof DatabaseError) || error.code === CANNOT_CONNECT_NOW) return undefined;
    throw error;
  }
}

/** Makes those that are missing, each with the statistics of its statements switched on. */
export async function createDatabases(port: number, names: readonly string[]): Promise<void> {
  const rows = await query(port, 'postgres', 'SELECT datname FROM pg_database');
  const existing = new Set(rows.map(({ datname }) => datname));
  for (const name of names) {
    if (!existing.has(name)) await createDatabase(port, name);
    await query(port, name, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  }
}

export async function createDatabase(port: number, name: string): Promise<void> {
  try {
    await query(port, 'postgres', `CREATE DATABASE "${name}"`);
  } catch (error) {
    if (errorCode(error) !== DUPLICATE_DATABASE) throw error;
  }
}

async function query(port: number, database: string, sql: string): Promise<Record<string, unknown>[]> {
  const { user, password } = embeddedPostgres;
  const client = new Client({
    host: HOST,
    port,
    database,
    user,
    password,
    ssl: false,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  });
  // A connection that breaks while idle; a running query rejects by itself.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}
