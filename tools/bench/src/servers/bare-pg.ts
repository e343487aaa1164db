/** What a service costs at least: a Fastify handler that sends what `pg` gives, with the service's own SQL. */
import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import pg, { type QueryConfig } from 'pg';
import { answerParent } from '../child-module.js';

export interface BarePgSetup {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** The service's module of the statement, as it was built. */
  readonly statementModule: string;
  readonly limit: number;
  /** The end of every answer: what the page says of itself. */
  readonly page: string;
}

interface StatementModule {
  readonly searchStatement: (
    query: { limit: number },
    position: { after: undefined; totalKnownFor: string },
  ) => QueryConfig;
}

interface Row {
  readonly catalogue: string;
  readonly course: string;
}

answerParent(async ({ databaseUrl, poolSize, statementModule, limit, page }: BarePgSetup) => {
  const { searchStatement } = (await import(statementModule)) as StatementModule;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  const first = await pool.query<Row>(searchStatement({ limit }, { after: undefined, totalKnownFor: '0' }));
  // As the service does it: the total of a catalogue that has not changed is not counted again.
  const totalKnownFor = first.rows[0]?.catalogue ?? '0';
  const server = fastify();
  server.get('/courses', async (_request, reply) => {
    const { rows } = await pool.query<Row>(searchStatement({ limit }, { after: undefined, totalKnownFor }));
    const items = rows.slice(0, limit).map(({ course }) => course);
    return reply
      .type('application/json; charset=utf-8')
      .send(`{"items":[${items.join(',')}],"page":${page}}`);
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  return { port: (server.server.address() as AddressInfo).port };
});
