/** What the global set-up tells the suites: where the throw-away servers listen. */
const required = (variable: string): string => {
  const value = process.env[variable];
  if (value) return value;
  throw new Error(`${variable} is not set: run integration tests by \`npm test -- integration\``);
};

export const postgresAdminUrl = (): string => required('TEST_POSTGRES_URL');
export const redisServerUrl = (): string => required('TEST_REDIS_URL');

/** Jest numbers its workers from 1. */
export const workerNumber = (): number => Number(process.env['JEST_WORKER_ID'] ?? 1);
