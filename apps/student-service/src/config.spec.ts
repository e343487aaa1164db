import { describe, expect, it } from '@jest/globals';
import { config, options } from './config.js';

const secret = 'a secret of thirty-two characters or more';

describe('the environment', () => {
  it('needs nothing: it points to the embedded servers and the neighbours on this machine', () => {
    expect(config({})).toEqual({
      production: false,
      databaseUrl: 'postgres://flowchart:flowchart@127.0.0.1:54329/student',
      poolSize: 10,
      slowQueryMs: 100,
      redisUrl: 'redis://127.0.0.1:63799',
      courseServiceUrl: 'http://127.0.0.1:9001',
      degreeServiceUrl: 'http://127.0.0.1:9002',
      seedSize: 'S',
    });
    expect(options({})).toMatchObject({ name: 'student-service', port: 9003 });
  });

  it('prefers the service’s own database to a common one, and that to the embedded one', () => {
    const [own, common] = ['postgres://own/x', 'postgres://common/x'];
    expect(config({ STUDENT_DATABASE_URL: own, DATABASE_URL: common }).databaseUrl).toBe(own);
    expect(config({ DATABASE_URL: common }).databaseUrl).toBe(common);
  });

  it('follows the neighbours to other ports and other machines', () => {
    expect(config({ COURSE_SERVICE_PORT: '7001' }).courseServiceUrl).toBe('http://127.0.0.1:7001');
    expect(config({ DEGREE_SERVICE_URL: 'http://degrees:80' }).degreeServiceUrl).toBe('http://degrees:80');
  });

  it('seeds outside production, and there only when told to', () => {
    const production = { NODE_ENV: 'production', IDENTITY_SECRET: secret };
    expect(config(production).seedSize).toBeNull();
    expect(config({ ...production, SEED: 'true', DATASET_SIZE: 'M' }).seedSize).toBe('M');
    expect(config({ SEED: 'false' }).seedSize).toBeNull();
  });

  it('refuses the published secret in production, and whatever else is wrong, all at once', () => {
    expect(() => config({ NODE_ENV: 'production' })).toThrow(/IDENTITY_SECRET/);
    const wrong = { DATASET_SIZE: 'XXL', DATABASE_URL: 'mysql://x', SEED: 'perhaps' };
    for (const variable of Object.keys(wrong)) expect(() => config(wrong)).toThrow(new RegExp(variable));
  });
});
