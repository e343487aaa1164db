import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDegrees1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Collation C: codes sort by their bytes on every machine, as cursors take for granted.
    await runner.query(`
      CREATE TABLE degrees (
        id uuid PRIMARY KEY,
        code text COLLATE "C" NOT NULL UNIQUE,
        name text NOT NULL,
        level text COLLATE "C" NOT NULL CHECK (level IN ('GRADUATE', 'UNDERGRADUATE')),
        department text NOT NULL,
        total_credits smallint NOT NULL CHECK (total_credits > 0),
        version integer NOT NULL CHECK (version > 0)
      )`);
    // The kind is a column, for queries and its check; the rest of a rule differs by kind and is always read whole.
    await runner.query(`
      CREATE TABLE degree_requirements (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        degree_id uuid NOT NULL REFERENCES degrees ON DELETE CASCADE,
        position smallint NOT NULL,
        kind text NOT NULL CHECK (kind IN ('ALL_OF', 'CHOOSE_N', 'CREDITS_FROM')),
        rule jsonb NOT NULL CHECK (rule ->> 'kind' = kind),
        UNIQUE (degree_id, position)
      )`);
    await runner.query(`
      CREATE TABLE degree_constraints (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        degree_id uuid NOT NULL REFERENCES degrees ON DELETE CASCADE,
        position smallint NOT NULL,
        kind text NOT NULL CHECK (kind IN
          ('TOTAL_CREDITS', 'MINIMUM_GPA', 'MAX_CREDITS_PER_TERM', 'MAX_TRANSFER_CREDITS', 'MAX_YEARS')),
        rule jsonb NOT NULL CHECK (rule ->> 'kind' = kind),
        UNIQUE (degree_id, position),
        UNIQUE (degree_id, kind)
      )`);
    // One row: what every write of any degree adds one to. It starts from the time, so that a database that was made
    // anew never repeats the version, and with it the ETag, of its predecessor.
    await runner.query(`
      CREATE TABLE degree_catalogue (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        version bigint NOT NULL
      )`);
    await runner.query(
      'INSERT INTO degree_catalogue (version) SELECT floor(extract(epoch FROM clock_timestamp()))::bigint',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE degree_catalogue, degree_constraints, degree_requirements, degrees');
  }
}
