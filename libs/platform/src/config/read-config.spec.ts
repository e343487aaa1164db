import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  portVariable,
  refuseDefaultSecrets,
  secretVariable,
  serviceEnvironment,
  urlVariable,
} from './environment.js';
import { readConfig } from './read-config.js';

const published = 'development-only-secret-0123456789abcdef';
const schema = z
  .object({
    ...serviceEnvironment,
    PORT: portVariable(9000),
    REDIS_URL: urlVariable('redis:', 'rediss:').optional(),
    SECRET: secretVariable(published),
  })
  .superRefine(refuseDefaultSecrets({ SECRET: published }));

describe('readConfig', () => {
  it('fills in what is not set or empty', () => {
    expect(readConfig(schema, { PORT: '' })).toMatchObject({
      PORT: 9000,
      NODE_ENV: 'development',
      SECRET: published,
    });
  });

  it('leaves the actuator on the port of the service unless told otherwise', () => {
    expect(readConfig(schema, {}).MANAGEMENT_PORT).toBeUndefined();
    expect(readConfig(schema, { MANAGEMENT_PORT: '9901' }).MANAGEMENT_PORT).toBe(9901);
  });

  it('lists every bad variable at once', () => {
    const read = () =>
      readConfig(schema, { PORT: '70000', REDIS_URL: 'http://x', SECRET: 'short', LOG_LEVEL: 'loud' });
    for (const variable of ['PORT', 'REDIS_URL', 'SECRET', 'LOG_LEVEL']) expect(read).toThrow(variable);
  });

  it('refuses a published secret in production', () => {
    const production = { NODE_ENV: 'production', IDENTITY_SECRET: 'i'.repeat(40) };
    expect(() => readConfig(schema, production)).toThrow('SECRET: must be set to a secret of your own');
    expect(readConfig(schema, { ...production, SECRET: 's'.repeat(40) }).NODE_ENV).toBe('production');
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig(schema, {}))).toBe(true);
  });
});
