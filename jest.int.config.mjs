import preset from './jest.preset.mjs';

/** Integration tests: on a real PostgreSQL and Redis, started for this run alone. */
export default {
  ...preset,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/src/**/*.int-spec.ts'],
  globalSetup: './libs/testing/global-setup.mjs',
  globalTeardown: './libs/testing/global-teardown.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
};
