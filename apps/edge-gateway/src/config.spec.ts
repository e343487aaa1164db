import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { config, options } from './config.js';

const newKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('the configuration', () => {
  it('knows the stack on one machine without being told', () => {
    expect(config({})).toMatchObject({
      redisUrl: 'redis://127.0.0.1:63799',
      serviceUrls: {
        course: 'http://127.0.0.1:9001',
        degree: 'http://127.0.0.1:9002',
        student: 'http://127.0.0.1:9003',
      },
      l1MaxBytes: 67_108_864,
      warmUp: true,
      sessionTtlSeconds: 1800,
      trustedProxies: 0,
    });
    expect(options({}).port).toBe(9000);
  });

  it('follows ports, and addresses before ports', () => {
    const env = {
      REDIS_PORT: '7',
      COURSE_SERVICE_PORT: '8',
      DEGREE_SERVICE_URL: 'http://degrees:80',
      DEGREE_SERVICE_PORT: '9',
    };
    expect(config(env)).toMatchObject({
      redisUrl: 'redis://127.0.0.1:7',
      serviceUrls: { course: 'http://127.0.0.1:8', degree: 'http://degrees:80' },
    });
  });

  it('lists all that is wrong at once', () => {
    const env = { EDGE_PORT: 'x', TOKEN_KEYS: 'short', COURSE_SERVICE_URL: 'ftp://x', TRUST_PROXY: 'yes' };
    expect(() => config(env)).toThrow(
      /EDGE_PORT(.|\n)*COURSE_SERVICE_URL(.|\n)*TOKEN_KEYS(.|\n)*TRUST_PROXY/,
    );
  });

  it('refuses to start production with what is published', () => {
    const production = {
      NODE_ENV: 'production',
      IDENTITY_SECRET: 'a-secret-of-ones-own-0123456789-0123456789',
    };
    expect(() => config({ NODE_ENV: 'production' })).toThrow(
      /IDENTITY_SECRET: must be set(.|\n)*TOKEN_KEYS: must be set/,
    );
    const published = config({}).tokenKeys.pem;
    expect(() => config({ ...production, TOKEN_KEYS: newKey() + published })).toThrow(
      'TOKEN_KEYS: must be set',
    );
    const own = newKey();
    expect(config({ ...production, TOKEN_KEYS: own }).tokenKeys.pem).toBe(own);
    expect(config({ ...production, TOKEN_KEYS_FILE: '/keys.pem' }).tokenKeys.file).toBe('/keys.pem');
  });

  it('takes keys whose line breaks are written out', () => {
    const key = newKey();
    expect(config({ TOKEN_KEYS: key.replaceAll('\n', '\\n') }).tokenKeys.pem).toBe(key);
  });

  it('wants keys from one place, and an audience with an issuer', () => {
    expect(() => config({ TOKEN_KEYS: newKey(), TOKEN_KEYS_FILE: '/keys.pem' })).toThrow('TOKEN_KEYS');
    expect(() => config({ OIDC_ISSUER: 'https://issuer.example' })).toThrow('OIDC_AUDIENCE: must be set');
    expect(config({ OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'us' }).issuer).toMatchObject({
      issuer: 'https://issuer.example',
      audience: 'us',
      subjectClaim: 'sub',
    });
    expect(config({}).issuer).toBeUndefined();
  });
});
