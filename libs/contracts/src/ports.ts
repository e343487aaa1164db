/** Every address of the system under test: its default port and the variable that moves it. */
export const ports = {
  edgeGateway: { variable: 'EDGE_PORT', port: 9000 },
  courseService: { variable: 'COURSE_SERVICE_PORT', port: 9001 },
  degreeService: { variable: 'DEGREE_SERVICE_PORT', port: 9002 },
  studentService: { variable: 'STUDENT_SERVICE_PORT', port: 9003 },
  loadRunnerUi: { variable: 'LOAD_RUNNER_PORT', port: 8089 },
  postgres: { variable: 'POSTGRES_PORT', port: 54329 },
  redis: { variable: 'REDIS_PORT', port: 63799 },
} as const;

export type PortName = keyof typeof ports;

/** What the embedded PostgreSQL is set up with; a development convenience, never a production secret. */
export const embeddedPostgres = {
  user: 'flowchart',
  password: 'flowchart',
  databases: { course: 'course', degree: 'degree', student: 'student' },
} as const;
