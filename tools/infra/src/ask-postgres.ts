/** Asks a database of the system in SQL: what psql does, where there is none. */
import { embeddedPostgres } from '@flowchart/contracts';
import { Client, DatabaseError } from 'pg';
import { tableText } from './answer-text.js';
import { runBin } from './bin.js';
import { givenDatabase, readInfraConfig, type DatabaseName } from './config.js';
import { InfraError } from './infra-error.js';
import { postgresUrl } from './postgres-sql.js';

const HELP = `
Sends SQL to a database of the system, in a read-only transaction, and prints the rows.

  npx node tools/infra/dist/ask-postgres.js 'SELECT count(*) FROM pg_stat_activity'
  npx node tools/infra/dist/ask-postgres.js student 'SELECT count(*) FROM student_outbox'

The database is course unless another is named (course, degree, student): the embedded one on POSTGRES_PORT, or yours
by DATABASE_URL and the like.
`;
const CONNECT_LIMIT_MS = 2000;
const STATEMENT_LIMIT_MS = 10_000;

interface Answer {
  readonly fields: readonly { readonly name: string }[];
  readonly rows: readonly (string | null)[][];
}

/** Values stay the text that PostgreSQL sends. */
const asSent = { getTypeParser: () => (text: string) => text };

const isDatabase = (name: string): name is DatabaseName => Object.hasOwn(embeddedPostgres.databases, name);

await runBin(HELP, async (args) => {
  const [first = '', ...rest] = args;
  const database = isDatabase(first) ? first : 'course';
  const statement = (isDatabase(first) ? rest : args).join(' ');
  if (statement === '') throw new InfraError('There is nothing to ask; see --help');
  for (const { fields, rows } of await ask(database, statement)) {
    const names = fields.map(({ name }) => name);
    process.stdout.write(`${tableText(names, rows)}\n`);
  }
  return 0;
});

async function ask(database: DatabaseName, statement: string): Promise<Answer[]> {
  const connectionString = givenDatabase(database) ?? postgresUrl(readInfraConfig().postgresPort, database);
  const client = new Client({
    connectionString,
    application_name: 'ask-postgres',
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
  });
  // A connection that breaks while idle; a running query rejects by itself.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw unreachable(error, new URL(connectionString).host);
  });
  try {
    await client.query('BEGIN READ ONLY');
    const answer: unknown = await client.query({ text: statement, rowMode: 'array', types: asSent });
    await client.query('COMMIT');
    // Several statements in one text have an answer each.
    return [answer].flat() as Answer[];
  } catch (error) {
    throw error instanceof DatabaseError ? new InfraError(`PostgreSQL refuses: ${error.message}`) : error;
  } finally {
    await client.end();
  }
}

function unreachable(error: unknown, host: string): InfraError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InfraError(
    `PostgreSQL at ${host} cannot be asked (${reason}). Does it run? npx nx run infra:serve`,
  );
}
