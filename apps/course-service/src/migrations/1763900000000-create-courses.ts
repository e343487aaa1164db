import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCourses1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    // Collation C: codes sort by their bytes on every machine, as cursors take for granted.
    // pg_c_utf8 folds the case of all Unicode letters, whatever locale the database was made with.
    await runner.query(`
      CREATE TABLE courses (
        id uuid PRIMARY KEY,
        code text COLLATE "C" NOT NULL UNIQUE,
        title text NOT NULL,
        department text COLLATE "C" NOT NULL,
        level text COLLATE "C" NOT NULL CHECK (level IN ('GRADUATE', 'UNDERGRADUATE')),
        credits smallint NOT NULL CHECK (credits > 0),
        description text NOT NULL,
        terms text[] NOT NULL CHECK (terms <@ ARRAY['FALL', 'SPRING', 'SUMMER'] AND terms <> '{}'),
        version integer NOT NULL CHECK (version > 0),
        search text COLLATE "C" NOT NULL GENERATED ALWAYS AS
          (lower((code || ' ' || title || ' ' || description) COLLATE "pg_c_utf8")) STORED
      )`);
    await runner.query('CREATE INDEX courses_search ON courses USING gin (search gin_trgm_ops)');
    await runner.query('CREATE INDEX courses_department ON courses (department, code)');
    await runner.query('CREATE INDEX courses_level ON courses (level, code)');
    // A course keeps its code, so that codes can be the keys here and nothing has to be joined to show them.
    await runner.query(`
      CREATE TABLE course_prerequisites (
        course text COLLATE "C" NOT NULL REFERENCES courses (code) ON DELETE CASCADE,
        requires text COLLATE "C" NOT NULL REFERENCES courses (code) ON DELETE RESTRICT,
        PRIMARY KEY (course, requires),
        CHECK (course <> requires)
      )`);
    await runner.query('CREATE INDEX course_prerequisites_requires ON course_prerequisites (requires)');
    // One row: what every write of any course adds one to. It starts from the time, so that a database that was made
    // anew never repeats the version, and with it the ETag, of its predecessor.
    await runner.query(`
      CREATE TABLE course_catalogue (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        version bigint NOT NULL
      )`);
    await runner.query(
      'INSERT INTO course_catalogue (version) SELECT floor(extract(epoch FROM clock_timestamp()))::bigint',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE course_catalogue, course_prerequisites, courses');
  }
}
