import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { commandLine, identify, isRunning, parentOf, self, stopProcess } from './processes.js';

const NOBODY = 2 ** 22 + 1;

describe('a process', () => {
  it('is known by its pid and its start', () => {
    const me = self();
    expect(me.pid).toBe(process.pid);
    expect(isRunning(me)).toBe(true);
    expect(parentOf(process.pid)).toBe(process.ppid);
    expect(commandLine(process.pid)).toContain('node');
  });

  it('is not taken for the one that had its pid before', () => {
    expect(isRunning({ ...self(), started: 'long ago' })).toBe(false);
  });

  it('that does not exist is nobody', () => {
    expect(identify(NOBODY)).toBeUndefined();
    expect(commandLine(NOBODY)).toBe('');
    expect(parentOf(NOBODY)).toBeUndefined();
  });

  it('ends at the first signal that it heeds', async () => {
    const child = spawn('sh', ['-c', 'trap "" INT; echo ready; while :; do sleep 0.1; done']);
    await once(child.stdout, 'data');
    const identity = identify(child.pid ?? NOBODY);
    if (identity === undefined) throw new Error('the child did not start');
    const ended = once(child, 'exit');
    const signal = await stopProcess(identity, [
      { signal: 'SIGINT', waitMs: 200 },
      { signal: 'SIGTERM', waitMs: 5000 },
    ]);
    expect(signal).toBe('SIGTERM');
    await ended;
    expect(isRunning(identity)).toBe(false);
    expect(await stopProcess(identity, [])).toBeUndefined();
  });
});
