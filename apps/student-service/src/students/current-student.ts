/** The student who asks, from the verified identity. */
import type { Identity } from '@flowchart/contracts';
import { AppError, CurrentIdentity } from '@flowchart/platform';
import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { errors } from '../errors.js';

const uuid = z.uuid();

export const noRecord = (): AppError =>
  new AppError(errors.NO_STUDENT_RECORD, 'There is no student record for this account.');

class StudentIdPipe implements PipeTransform<Identity, string> {
  transform({ role, subject }: Identity): string {
    // Staff have accounts but no record; a subject that is no UUID cannot be anybody's id.
    if (role !== 'student' || !uuid.safeParse(subject).success) throw noRecord();
    return subject;
  }
}

/** Id of the student who asks; 403 for anybody else. Only behind `IdentityGuard`. */
export const CurrentStudent = () => CurrentIdentity(new StudentIdPipe());
