/** Every kind of expected trouble of this service. */
import { defineErrors } from '@flowchart/platform';

export const errors = defineErrors({
  WRONG_CREDENTIALS: { status: 401, title: 'Username or password is wrong' },
  TOO_MANY_LOGINS: { status: 503, title: 'Too many logins at once' },
  NO_STUDENT_RECORD: { status: 403, title: 'No student record' },
  DEGREE_UNKNOWN: { status: 503, title: 'The degree is not known' },
  IF_MATCH_REQUIRED: { status: 428, title: 'Say which version you change' },
  IF_MATCH_MALFORMED: { status: 400, title: 'If-Match cannot be read' },
  PLAN_STALE: { status: 412, title: 'Somebody else changed the plan meanwhile' },
  PLAN_INVALID: { status: 422, title: 'The plan breaks rules' },
});
