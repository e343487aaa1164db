import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReplyError } from 'ioredis';
import { FailurePause } from './failure-pause.js';
import { pending } from './testing/text-entries.js';

describe('FailurePause', () => {
  let pause: FailurePause;
  beforeEach(() => {
    jest.useFakeTimers();
    pause = new FailurePause();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const answers = () => Promise.resolve('PONG');
  const fails = () => Promise.reject(new Error('Command timed out'));
  const skipped = () => Promise.reject(new Error('must not be asked'));

  it('passes answers on', async () => {
    expect(await pause.attempt(answers)).toBe('PONG');
  });

  it('leaves Redis alone for a tenth of a second after one failure, and then trusts it at once', async () => {
    expect(await pause.attempt(fails)).toBeUndefined();
    expect(await pause.attempt(answers)).toBeUndefined();
    jest.advanceTimersByTime(100);
    expect(await pause.attempt(answers)).toBe('PONG');
    expect(await pause.attempt(answers)).toBe('PONG');
  });

  it('doubles the pause with each trial that fails, up to five seconds', async () => {
    for (const pauseMs of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      await pause.attempt(fails);
      jest.advanceTimersByTime(pauseMs - 1);
      expect([pauseMs, pause.active]).toEqual([pauseMs, true]);
      jest.advanceTimersByTime(1);
      expect([pauseMs, pause.active]).toEqual([pauseMs, false]);
    }
  });

  it('takes commands that fail together for one failure', async () => {
    await Promise.all(Array.from({ length: 100 }, () => pause.attempt(fails)));
    jest.advanceTimersByTime(100);
    expect(pause.active).toBe(false);
  });

  it('lets one command try while the others go on without', async () => {
    await pause.attempt(fails);
    jest.advanceTimersByTime(100);
    const trial = pending<string>();
    const tried = pause.attempt(() => trial.promise);
    expect(await pause.attempt(answers)).toBeUndefined();
    trial.resolve('PONG');
    expect(await tried).toBe('PONG');
    expect(await pause.attempt(answers)).toBe('PONG');
  });

  it('takes a refusal for an answer', async () => {
    const refuses = () => Promise.reject(new ReplyError('OOM command not allowed') as Error);
    expect(await pause.attempt(refuses)).toBeUndefined();
    expect(await pause.attempt(answers)).toBe('PONG');
  });

  it('runs what must be tried even so, and believes its success', async () => {
    await pause.attempt(fails);
    expect(await pause.attempt(skipped)).toBeUndefined();
    expect(await pause.run(answers)).toBe('PONG');
    expect(pause.active).toBe(false);
  });
});
