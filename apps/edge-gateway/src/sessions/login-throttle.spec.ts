import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '@flowchart/platform';
import { config } from '../config.js';
import { LoginThrottle } from './login-throttle.js';

describe('LoginThrottle', () => {
  let throttle: LoginThrottle;

  beforeEach(() => {
    jest.useFakeTimers();
    throttle = new LoginThrottle({ ...config({}), loginFailures: { perAccount: 3, perAddress: 5 } });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const from = (username: string, address = '1.1.1.1') => ({ username, address });
  const fail = (username: string, address?: string) => throttle.failed(from(username, address));
  const admits = (username: string, address?: string) => {
    try {
      throttle.admit(from(username, address));
      return true;
    } catch (error) {
      if (error instanceof AppError && error.kind.status === 429) return false;
      throw error;
    }
  };

  it('shuts an account for the rest of the minute after too many failures, from wherever', () => {
    for (const address of ['1', '2', '3']) fail('ada', address);
    expect([admits('ada', '4'), admits('bob', '1')]).toEqual([false, true]);
    jest.advanceTimersByTime(59_000);
    expect(admits('ada')).toBe(false);
    jest.advanceTimersByTime(1000);
    expect(admits('ada')).toBe(true);
  });

  it('takes spellings of one name for one account', () => {
    for (const name of ['ada', ' ADA', 'ａｄａ']) fail(name);
    expect(admits('Ada')).toBe(false);
  });

  it('shuts an address that tries one account after the other', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) fail(name);
    expect([admits('f'), admits('f', '2.2.2.2')]).toEqual([false, true]);
  });

  it('counts failures only', () => {
    for (let tries = 0; tries < 1000; tries++) expect(admits('ada')).toBe(true);
  });

  it('tells what is left of the tighter limit, and when it is whole again', () => {
    fail('ada');
    jest.advanceTimersByTime(20_000);
    expect(throttle.headers(from('ada'))).toEqual({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '40',
    });
  });
});
