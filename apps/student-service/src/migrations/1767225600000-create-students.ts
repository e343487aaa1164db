/** Accounts, students, what they took and what they plan. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStudents1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id uuid NOT NULL,
        username text NOT NULL,
        password_hash text NOT NULL,
        role text NOT NULL CONSTRAINT accounts_role CHECK (role IN ('student', 'registrar')),
        CONSTRAINT accounts_pkey PRIMARY KEY (id),
        CONSTRAINT accounts_username UNIQUE (username)
      );
      COMMENT ON COLUMN accounts.password_hash IS 'Argon2id in PHC string format';

      CREATE TABLE students (
        id uuid NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        level text NOT NULL CONSTRAINT students_level CHECK (level IN ('GRADUATE', 'UNDERGRADUATE')),
        degree_code text NOT NULL,
        admitted_term smallint NOT NULL,
        CONSTRAINT students_pkey PRIMARY KEY (id),
        CONSTRAINT students_account FOREIGN KEY (id) REFERENCES accounts (id) ON DELETE CASCADE
      );
      COMMENT ON COLUMN students.admitted_term IS 'Year * 3 + 0 in spring, 1 in summer, 2 in fall';

      CREATE TABLE transcript_entries (
        student_id uuid NOT NULL,
        term smallint NOT NULL,
        code text NOT NULL,
        title text NOT NULL,
        credits smallint NOT NULL,
        grade text NOT NULL,
        transfer boolean NOT NULL,
        CONSTRAINT transcript_entries_pkey PRIMARY KEY (student_id, term, code),
        CONSTRAINT transcript_entries_student FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE transcript_entries IS
        'A record: title and credits are as they were then, whatever the course catalogue says now';
      COMMENT ON COLUMN transcript_entries.term IS 'Year * 3 + 0 in spring, 1 in summer, 2 in fall';

      CREATE TABLE plans (
        student_id uuid NOT NULL,
        version integer NOT NULL CONSTRAINT plans_version CHECK (version > 0),
        terms jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT plans_pkey PRIMARY KEY (student_id),
        CONSTRAINT plans_student FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE plans, transcript_entries, students, accounts');
  }
}
