/** Plans in the database, each with the version that its `ETag` shows. */
import type { Plan } from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { noRecord } from '../students/current-student.js';
import type { ExpectedVersions } from './entity-tags.js';

const planByStudent = {
  name: 'student-plan',
  text: `SELECT coalesce(p.terms, '[]') AS terms, coalesce(p.version, 0) AS version
           FROM students s LEFT JOIN plans p ON p.student_id = s.id
          WHERE s.id = $1`,
};

/**
 * Writes where the stored version is among the expected ones ($3; null for any), in one statement: of two writers
 * with the same expectation the second waits for the first one's row and then finds another version. A plan that was
 * never saved has no row and version 0.
 */
const savePlan = {
  name: 'save-plan',
  text: `INSERT INTO plans AS p (student_id, version, terms)
         SELECT s.id, 1, $2
           FROM students s LEFT JOIN plans before ON before.student_id = s.id
          WHERE s.id = $1 AND ($3::int[] IS NULL OR coalesce(before.version, 0) = ANY ($3))
         ON CONFLICT (student_id) DO UPDATE
            SET version = p.version + 1, terms = excluded.terms, updated_at = now()
          WHERE $3::int[] IS NULL OR p.version = ANY ($3)
         RETURNING p.version`,
};

@Injectable()
export class PlanStore {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async find(studentId: string): Promise<Plan> {
    const { rows } = await this.pool.query<Pick<Plan, 'version' | 'terms'>>({
      ...planByStudent,
      values: [studentId],
    });
    const [row] = rows;
    if (!row) throw noRecord();
    return { studentId, ...row };
  }

  /** The new version, or null where none of the expected ones is stored. */
  async save(studentId: string, terms: Plan['terms'], expected: ExpectedVersions): Promise<number | null> {
    const { rows } = await this.pool.query<{ version: number }>({
      ...savePlan,
      values: [studentId, JSON.stringify(terms), expected === 'any' ? null : expected],
    });
    return rows[0]?.version ?? null;
  }
}
