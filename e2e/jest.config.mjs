import preset from '../jest.preset.mjs';

/** Black-box tests over HTTP against a stack of their own: other ports, other data, gone afterwards. */
export default {
  ...preset,
  rootDir: 'src',
  testMatch: ['**/*.e2e-spec.ts'],
  globalSetup: '../global-setup.mjs',
  globalTeardown: '../global-teardown.mjs',
  testTimeout: 30_000,
  maxWorkers: 1,
};
