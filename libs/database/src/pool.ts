// The connections below TypeORM.
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** TypeORM's own pool, for the hot reads that go past its entities. */
export const poolOf = (dataSource: DataSource): Pool =>
  (dataSource.driver as unknown as { master: Pool }).master;
