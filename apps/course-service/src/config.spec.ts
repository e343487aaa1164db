import { describe, expect, it } from '@jest/globals';
import { config, options } from './config.js';

describe('the configuration', () => {
  it('works without any variable', () => {
    expect(config({})).toEqual({
      databaseUrl: 'postgres://flowchart:flowchart@127.0.0.1:54329/course',
      poolSize: 10,
      slowQueryMs: 100,
      redisUrl: 'redis://127.0.0.1:63799',
      seed: true,
    });
    expect(options({})).toMatchObject({
      name: 'course-service',
      port: 9001,
      portVariable: 'COURSE_SERVICE_PORT',
    });
  });

  it('prefers the own database to the shared one, and both to the embedded one', () => {
    const own = 'postgres://own/a';
    const shared = 'postgresql://shared/b';
    expect(config({ DATABASE_URL: shared, POSTGRES_PORT: '1' }).databaseUrl).toBe(shared);
    expect(config({ COURSE_DATABASE_URL: own, DATABASE_URL: shared }).databaseUrl).toBe(own);
    expect(config({ POSTGRES_PORT: '5' }).databaseUrl).toContain(':5/course');
  });

  it('seeds outside production, and inside only when told to', () => {
    const production = { NODE_ENV: 'production', IDENTITY_SECRET: 'a secret of thirty-two characters' };
    expect(config(production).seed).toBe(false);
    expect(config({ ...production, SEED: 'true' }).seed).toBe(true);
    expect(config({ SEED: 'false' }).seed).toBe(false);
  });

  it('names every variable that is wrong', () => {
    expect(() => config({ DATABASE_URL: 'mysql://x', DB_POOL_SIZE: '0', SEED: 'perhaps' })).toThrow(
      /DATABASE_URL[^]*DB_POOL_SIZE[^]*SEED: must be true or false/,
    );
    expect(() => config({ NODE_ENV: 'production' })).toThrow(/IDENTITY_SECRET/);
  });
});
