/** The generated students as rows of this service's tables; a golden checksum holds them to the byte. */
import { termIndex } from '@flowchart/contracts';
import type { CopyValue } from '@flowchart/database';
import { demoPasswordHash, registrar, type StudentGenerator, studentId } from '@flowchart/dataset';

type Row = readonly CopyValue[];

/** A table and the rows it gets for the students of the given numbers. */
export interface CopySource {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: (generator: StudentGenerator, numbers: Iterable<number>) => Iterable<Row>;
}

export const copySources: readonly CopySource[] = [
  {
    table: 'accounts',
    columns: ['id', 'username', 'password_hash', 'role'],
    *rows(_, numbers) {
      yield [registrar.id, registrar.username, demoPasswordHash, 'registrar'];
      for (const n of numbers) yield [studentId(n), `student${n}`, demoPasswordHash, 'student'];
    },
  },
  {
    table: 'students',
    columns: ['id', 'name', 'email', 'level', 'degree_code', 'admitted_term'],
    *rows(generator, numbers) {
      for (const n of numbers) {
        const { id, name, email, level, degreeCode, admittedTerm } = generator.profile(n);
        yield [id, name, email, level, degreeCode, termIndex(admittedTerm)];
      }
    },
  },
  {
    table: 'transcript_entries',
    columns: ['student_id', 'term', 'code', 'title', 'credits', 'grade', 'transfer'],
    *rows(generator, numbers) {
      for (const n of numbers) {
        const id = studentId(n);
        for (const { term, code, title, credits, grade, transfer } of generator.transcript(n)) {
          yield [id, termIndex(term), code, title, credits, grade, transfer];
        }
      }
    },
  },
];
