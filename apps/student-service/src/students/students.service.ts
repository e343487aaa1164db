/** Who the students are. */
import { type Level, type Profile, termAt } from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { noRecord } from './current-student.js';

interface ProfileRow {
  id: string;
  username: string;
  name: string;
  email: string;
  level: Level;
  degree_code: string;
  admitted_term: number;
}

const profileById = {
  name: 'student-profile',
  text: `SELECT s.id, a.username, s.name, s.email, s.level, s.degree_code, s.admitted_term
           FROM students s JOIN accounts a ON a.id = s.id
          WHERE s.id = $1`,
};

@Injectable()
export class StudentsService {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async profile(studentId: string): Promise<Profile> {
    const { rows } = await this.pool.query<ProfileRow>({ ...profileById, values: [studentId] });
    const [row] = rows;
    if (!row) throw noRecord();
    const { id, username, name, email, level, degree_code, admitted_term } = row;
    return {
      id,
      username,
      name,
      email,
      level,
      degreeCode: degree_code,
      admittedTerm: termAt(admitted_term),
    };
  }
}
