import { describe, expect, it } from '@jest/globals';
import { config, options } from './config.js';

describe('the configuration', () => {
  it('works without any variable', () => {
    expect(config({})).toEqual({
      databaseUrl: 'postgres://flowchart:flowchart@127.0.0.1:54329/degree',
      poolSize: 10,
      slowQueryMs: 100,
      redisUrl: 'redis://127.0.0.1:63799',
      courseServiceUrl: 'http://127.0.0.1:9001',
      seed: true,
    });
    expect(options({})).toMatchObject({
      name: 'degree-service',
      port: 9002,
      portVariable: 'DEGREE_SERVICE_PORT',
    });
  });

  it('finds course-service at its port, or wherever it is told', () => {
    expect(config({ COURSE_SERVICE_PORT: '7' }).courseServiceUrl).toBe('http://127.0.0.1:7');
    expect(config({ COURSE_SERVICE_URL: 'http://courses' }).courseServiceUrl).toBe('http://courses');
  });

  it('names every variable that is wrong', () => {
    expect(() => config({ COURSE_SERVICE_URL: 'ftp://x', REDIS_URL: 'http://x' })).toThrow(
      /REDIS_URL[^]*COURSE_SERVICE_URL/,
    );
    expect(() => config({ NODE_ENV: 'production' })).toThrow(/IDENTITY_SECRET/);
  });
});
