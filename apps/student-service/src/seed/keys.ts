/**
 * The keys that a bulk load takes away before and makes again after: building an index once is several times faster
 * than feeding it a million random ids. They equal those of the migration, which a test makes sure of.
 */

interface Key {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** In the order in which they can be made; the last one's presence tells that a load came to its end. */
export const keys: readonly Key[] = [
  { table: 'accounts', name: 'accounts_pkey', definition: 'PRIMARY KEY (id)' },
  { table: 'accounts', name: 'accounts_username', definition: 'UNIQUE (username)' },
  { table: 'students', name: 'students_pkey', definition: 'PRIMARY KEY (id)' },
  {
    table: 'transcript_entries',
    name: 'transcript_entries_pkey',
    definition: 'PRIMARY KEY (student_id, term, code)',
  },
  {
    table: 'students',
    name: 'students_account',
    definition: 'FOREIGN KEY (id) REFERENCES accounts (id) ON DELETE CASCADE',
  },
  {
    table: 'plans',
    name: 'plans_student',
    definition: 'FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE',
  },
  {
    table: 'transcript_entries',
    name: 'transcript_entries_student',
    definition: 'FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE',
  },
];

export const dropKeys: readonly string[] = keys
  .toReversed()
  .map(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name}`);

export const makeKeys: readonly string[] = keys.map(
  ({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
);
