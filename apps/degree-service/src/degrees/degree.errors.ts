import { defineErrors } from '@flowchart/platform';

/** Trouble that degree-service expects. */
export const degreeErrors = defineErrors({
  DEGREE_NOT_FOUND: { status: 404, title: 'No such degree' },
  RULES_NOT_SATISFIABLE: { status: 422, title: 'Nobody could meet these rules' },
});
