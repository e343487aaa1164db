// Ids that follow from the student's number, so that they need no table to be looked up in.
import { uuidV5 } from '../ids.js';

const STUDENT_NAMESPACE = '7c0f3b1e-5a0d-4f6e-9b7a-2d1c8e4f6a90';

export const studentId = (n: number): string => uuidV5(STUDENT_NAMESPACE, `student/${n}`);

export const staffId = (username: string): string => uuidV5(STUDENT_NAMESPACE, `staff/${username}`);
