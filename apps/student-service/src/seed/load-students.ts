/** Fills the database with generated students. */
import { bulkLoad } from '@flowchart/database';
import { type DatasetSize, datasetSizes, StudentGenerator } from '@flowchart/dataset';
import { Pool } from 'pg';
import { copySources } from './copy-rows.js';
import { dropKeys, keys, makeKeys } from './keys.js';

/** Hears of a load: what is being done, and each student's number as it goes by. */
export interface LoadObserver {
  /** Takes the numbers of the students that `table` gets, and hands them on. */
  watch(table: string, numbers: Iterable<number>): Iterable<number>;
  step(description: string): void;
}

export const silent: LoadObserver = { watch: (_, numbers) => numbers, step: () => undefined };

/** Memory for building indexes; the default of 64 MB makes those of a million students sort on disk. */
const sessionOptions = '-c maintenance_work_mem=256MB';

/**
 * Replaces all accounts, students, transcripts and plans by the generated ones. Each table is loaded by one COPY, the
 * keys are made last: where a load is interrupted, `isLoaded` says so and the next one begins anew. Nobody can be
 * served meanwhile. The caller holds the migrations' lock.
 */
export async function loadStudents(
  url: string,
  size: DatasetSize,
  observer: LoadObserver = silent,
): Promise<void> {
  await withPool(url, async (pool) => {
    observer.step('removing what was there: until the end of this there are no students');
    // Several statements in one simple query are one transaction.
    await pool.query(['TRUNCATE accounts, students, transcript_entries, plans', ...dropKeys].join(';'));
    const generator = new StudentGenerator();
    for (const source of copySources) {
      const numbers = observer.watch(source.table, upTo(datasetSizes[size]));
      await bulkLoad(pool, source, source.rows(generator, numbers));
    }
    observer.step('making keys');
    for (const statement of makeKeys) await pool.query(statement);
    observer.step('gathering statistics');
    await pool.query('ANALYZE accounts, students, transcript_entries');
  });
}

/** Whether a load came to its end. */
export async function isLoaded(url: string): Promise<boolean> {
  return withPool(url, async (pool) => {
    const { rows } = await pool.query<{ loaded: boolean }>(
      `SELECT EXISTS (SELECT FROM accounts) AND EXISTS (
                SELECT FROM pg_constraint WHERE conname = $1 AND conrelid = to_regclass($2)) AS loaded`,
      [keys.at(-1)?.name, keys.at(-1)?.table],
    );
    return rows[0]?.loaded ?? false;
  });
}

/** A connection of its own, because the service's pool gives up on statements that take as long as these. */
async function withPool<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = new Pool({ connectionString: url, max: 1, options: sessionOptions });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function* upTo(last: number): Generator<number> {
  for (let n = 1; n <= last; n++) yield n;
}
