import preset from './jest.preset.mjs';

/** Unit tests of every project: nothing but the code itself, and sockets of the test's own. */
export default {
  ...preset,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/src/**/*.spec.ts', '**/tools/lint/*.spec.ts'],
};
