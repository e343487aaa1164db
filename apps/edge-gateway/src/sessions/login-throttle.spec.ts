import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '@flowchart/platform';
import { Redis } from 'ioredis';
import { config } from '../config.js';
import { BoundedRedis } from './bounded-redis.js';
import { LoginThrottle } from './login-throttle.js';

/** Each edge for itself then; what holds over all of them is in the integration spec. */
describe('LoginThrottle without Redis', () => {
  let throttle: LoginThrottle;

  beforeEach(() => {
    jest.useFakeTimers();
    const settings = { ...config({}), loginFailures: { perAccount: 3, perAddress: 5 } };
    throttle = new LoginThrottle(settings, new BoundedRedis(new Redis({ lazyConnect: true })));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const from = (username: string, address = '1.1.1.1') => ({ username, address });
  const fail = (username: string, address?: string) => throttle.failed(from(username, address));
  const admits = async (username: string, address?: string) => {
    try {
      await throttle.admit(from(username, address));
      return true;
    } catch (error) {
      if (error instanceof AppError && error.kind.status === 429) return false;
      throw error;
    }
  };

  it('shuts an account for the rest of the minute after too many failures, from wherever', async () => {
    for (const address of ['1', '2', '3']) await fail('ada', address);
    expect([await admits('ada', '4'), await admits('bob', '1')]).toEqual([false, true]);
    jest.advanceTimersByTime(59_000);
    expect(await admits('ada')).toBe(false);
    jest.advanceTimersByTime(1000);
    expect(await admits('ada')).toBe(true);
  });

  it('takes spellings of one name for one account', async () => {
    for (const name of ['ada', ' ADA', 'ａｄａ']) await fail(name);
    expect(await admits('Ada')).toBe(false);
  });

  it('shuts an address that tries one account after the other', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await fail(name);
    expect([await admits('f'), await admits('f', '2.2.2.2')]).toEqual([false, true]);
  });

  it('counts failures only', async () => {
    for (let tries = 0; tries < 1000; tries++) expect(await admits('ada')).toBe(true);
  });

  it('tells what is left of the tighter limit, and when it is whole again', async () => {
    await fail('ada');
    jest.advanceTimersByTime(20_000);
    expect(await throttle.admit(from('ada'))).toEqual({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '40',
    });
  });
});
