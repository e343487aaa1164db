/** What students took, with which result. */
import { type Level, termAt, type Transcript, type TranscriptEntry } from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { noRecord } from '../students/current-student.js';
import { creditsOf, gradePointAverage, passedOf, standingOf } from './standing.js';

/** What rules are applied to: the student's degree and all that was taken, oldest first. */
export interface AcademicRecord {
  readonly level: Level;
  readonly degreeCode: string;
  readonly admittedTerm: string;
  readonly entries: readonly TranscriptEntry[];
}

type EntryRow = (Omit<TranscriptEntry, 'term'> & { term: number }) | { term: null };
type RecordRow = EntryRow & { level: Level; degree_code: string; admitted_term: number };

/** One row without an entry where the student is new, none where there is no such student. */
const entriesAnd = (more: string): string =>
  `SELECT ${more}t.term, t.code, t.title, t.credits, t.grade, t.transfer
     FROM students s LEFT JOIN transcript_entries t ON t.student_id = s.id
    WHERE s.id = $1
    ORDER BY t.term, t.code`;

const entriesByStudent = { name: 'transcript-entries', text: entriesAnd('') };
const recordByStudent = {
  name: 'academic-record',
  text: entriesAnd('s.level, s.degree_code, s.admitted_term, '),
};

@Injectable()
export class TranscriptsService {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async transcript(studentId: string): Promise<Transcript> {
    const { rows } = await this.pool.query<EntryRow>({ ...entriesByStudent, values: [studentId] });
    if (rows.length === 0) throw noRecord();
    const entries = entriesOf(rows);
    const standing = standingOf(entries);
    return {
      entries,
      gpa: gradePointAverage(standing),
      creditsEarned: creditsOf(passedOf(standing).values()),
    };
  }

  async record(studentId: string): Promise<AcademicRecord> {
    const { rows } = await this.pool.query<RecordRow>({ ...recordByStudent, values: [studentId] });
    const [first] = rows;
    if (!first) throw noRecord();
    const { level, degree_code, admitted_term } = first;
    return {
      level,
      degreeCode: degree_code,
      admittedTerm: termAt(admitted_term),
      entries: entriesOf(rows),
    };
  }
}

const entriesOf = (rows: readonly EntryRow[]): TranscriptEntry[] =>
  rows
    .filter((row) => row.term !== null)
    .map(({ term, code, title, credits, grade, transfer }) => ({
      term: termAt(term),
      code,
      title,
      credits,
      grade,
      transfer,
    }));
