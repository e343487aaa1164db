import { defineErrors } from '@flowchart/platform';

/** Trouble that course-service expects. */
export const courseErrors = defineErrors({
  COURSE_NOT_FOUND: { status: 404, title: 'No such course' },
  COURSE_EXISTS: { status: 409, title: 'The course exists already' },
  COURSE_REQUIRED: { status: 409, title: 'Other courses require this one' },
  COURSE_CODE_FIXED: { status: 422, title: 'A course keeps its code' },
  UNKNOWN_PREREQUISITE: { status: 422, title: 'A prerequisite does not exist' },
  PREREQUISITE_CYCLE: { status: 422, title: 'Prerequisites run in a circle' },
});
