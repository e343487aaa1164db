import { describe, expect, it } from '@jest/globals';
import { givenDatabase, givenRedis, readInfraConfig, workspaceRoot } from './config.js';

const url = 'postgres://somebody@elsewhere/db';

describe('settings', () => {
  it('has everything in the workspace, on the published ports, when nothing is set', () => {
    expect(readInfraConfig({})).toEqual({
      infraDir: `${workspaceRoot}/.infra`,
      postgresPort: 54329,
      redisPort: 63799,
      postgresGiven: [],
      redisGiven: [],
      services: [
        { name: 'course-service', port: 9001, variable: 'COURSE_SERVICE_PORT' },
        { name: 'degree-service', port: 9002, variable: 'DEGREE_SERVICE_PORT' },
        { name: 'student-service', port: 9003, variable: 'STUDENT_SERVICE_PORT' },
        { name: 'edge-gateway', port: 9000, variable: 'EDGE_PORT' },
      ],
    });
  });

  it.each([
    [{ DATABASE_URL: url }, ['DATABASE_URL']],
    [
      { COURSE_DATABASE_URL: url, DEGREE_DATABASE_URL: url, STUDENT_DATABASE_URL: url },
      ['COURSE_DATABASE_URL', 'DEGREE_DATABASE_URL', 'STUDENT_DATABASE_URL'],
    ],
    [{ COURSE_DATABASE_URL: url, STUDENT_DATABASE_URL: url }, []],
    [{ DATABASE_URL: '' }, []],
  ])('with %j needs no PostgreSQL of its own because of %j', (environment, variables) => {
    expect(readInfraConfig(environment).postgresGiven).toEqual(variables);
  });

  it('needs no Redis of its own when one is given', () => {
    expect(readInfraConfig({ REDIS_URL: 'redis://elsewhere' }).redisGiven).toEqual(['REDIS_URL']);
  });

  it("knows the address of yours: a service's own before that of all", () => {
    const own = 'postgres://somebody@elsewhere/own';
    const environment = { DATABASE_URL: url, STUDENT_DATABASE_URL: own, REDIS_URL: 'redis://elsewhere' };
    expect(givenDatabase('student', environment)).toBe(own);
    expect(givenDatabase('course', environment)).toBe(url);
    expect(givenRedis(environment)).toBe('redis://elsewhere');
    expect([givenDatabase('course', { DATABASE_URL: '' }), givenRedis({})]).toEqual([undefined, undefined]);
  });

  it('takes a relative folder from the workspace', () => {
    expect(readInfraConfig({ INFRA_DIR: 'tmp/second' }).infraDir).toBe(`${workspaceRoot}/tmp/second`);
  });

  it('refuses every bad port at once, by the name of its variable', () => {
    const read = () => readInfraConfig({ POSTGRES_PORT: 'x', EDGE_PORT: '70000', REDIS_PORT: '0' });
    expect(read).toThrow(/POSTGRES_PORT must be a port from 1 to 65535, not "x"/);
    expect(read).toThrow(/EDGE_PORT must be/);
    expect(read).toThrow(/REDIS_PORT must be/);
  });
});
