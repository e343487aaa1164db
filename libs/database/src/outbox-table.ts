import type { DataSource } from 'typeorm';

export const outboxTable = (service: string): string => `"${service}_outbox"`;

/** Made outside the service's own migrations: it is this lib's table, the same in every database. */
export async function createOutboxTable(dataSource: DataSource, service: string): Promise<void> {
  await dataSource.query(`
    CREATE TABLE IF NOT EXISTS ${outboxTable(service)} (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      event jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
}
